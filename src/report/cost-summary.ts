import type { CostResult } from '../cost/cost-result.ts';
import { alternativesSection } from './cost-alternatives.ts';
import { breakEvenSection } from './cost-break-even.ts';
import { curvesSection } from './cost-curve-text.ts';
import { explainSections } from './cost-explain.ts';
import { costFacts } from './cost-facts.ts';
import { failuresSection } from './cost-failures.ts';
import { costHeading, costVerdicts } from './cost-headline.ts';
import { optionsSection } from './cost-options.ts';
import { workflowSection } from './cost-workflow.ts';
import type { VerdictLine } from './evaluate-verdict.ts';
import type { Fact } from './fact.ts';
import { describeCostWarning } from './messages/cost-messages.ts';
import type { Section } from './section.ts';
import type { View } from './view.ts';

/** What is said of a cost, in any format that people read. */
export interface CostSummary {
  readonly heading: string;
  readonly verdicts: readonly VerdictLine[];
  readonly sections: readonly Section[];
  readonly facts: readonly Fact[];
  readonly warnings: readonly string[];
}

/** Models side by side come first: they are what one would change. */
export function costSummary(result: CostResult, view: View): CostSummary {
  return {
    heading: costHeading(result),
    verdicts: costVerdicts(result),
    sections: [
      ...alternativesSection(result),
      ...optionsSection(result, view),
      ...breakEvenSection(result),
      ...workflowSection(result),
      ...failuresSection(result, view),
      ...(view.details ? curvesSection(result) : []),
      ...(view.explain ? explainSections(result) : []),
    ],
    facts: costFacts(result),
    warnings: result.warnings.map(describeCostWarning),
  };
}
