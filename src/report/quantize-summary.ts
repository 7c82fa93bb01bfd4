import type { QuantizeResult } from '../quantize/quantize-result.ts';
import { closenessGrid } from './evaluate-closeness.ts';
import type { VerdictLine } from './evaluate-verdict.ts';
import type { Fact } from './fact.ts';
import { describeFinding } from './messages/message.ts';
import { candidatesSection } from './quantize-candidates.ts';
import { quantizeFacts } from './quantize-facts.ts';
import { goalLines } from './quantize-goals.ts';
import { quantizeHeading, quantizeHeadline } from './quantize-headline.ts';
import { nodesSection, reasonsSection } from './quantize-nodes.ts';
import { sizesSection } from './quantize-sizes.ts';
import type { Section } from './section.ts';
import type { View } from './view.ts';

/** What is said of a quantized model, in any format. */
export interface QuantizeSummary {
  readonly heading: string;
  /** Size, speed and quality in a line. */
  readonly headline: string;
  readonly goals: readonly VerdictLine[];
  readonly sections: readonly Section[];
  readonly facts: readonly Fact[];
  readonly warnings: readonly string[];
}

/** Says what was done; `details` for every node there is. */
export function quantizeSummary(result: QuantizeResult, view: View): QuantizeSummary {
  return {
    heading: quantizeHeading(result),
    headline: quantizeHeadline(result),
    goals: goalLines(result),
    sections: [
      ...candidatesSection(result),
      ...outputsSection(result, view),
      ...reasonsSection(result),
      ...sizesSection(result),
      ...(view.details ? nodesSection(result) : []),
    ],
    facts: quantizeFacts(result),
    warnings: result.warnings.map(describeFinding),
  };
}

function outputsSection({ evaluation }: QuantizeResult, view: View): readonly Section[] {
  const grid = closenessGrid(evaluation, view);
  return grid === null ? [] : [{ title: 'Outputs beside the original’s', blocks: [{ kind: 'grid', ...grid }] }];
}
