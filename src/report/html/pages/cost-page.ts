import type { CostResult } from '../../../cost/cost-result.ts';
import { costSummary } from '../../cost-summary.ts';
import { costFigures } from '../cost-charts.ts';
import type { Page } from '../page.ts';
import { figureSection } from '../page.ts';
import { wholeView } from '../whole-view.ts';
import { originOf, withoutPlace } from './origin-of.ts';

/** What it costs, on what and why, with the formulas at its end. */
export function costPage(result: CostResult): Page {
  const { heading, verdicts, sections, facts, warnings } = costSummary(result, wholeView);
  return {
    kind: 'cost',
    heading,
    lead: verdicts,
    sections: [...figureSection('Figures', costFigures(result)), ...sections],
    facts: withoutPlace(facts),
    warnings,
    origins: [originOf(result)],
  };
}
