import type { PruneResult } from '../../../prune/prune-result.ts';
import type { QuantizeResult } from '../../../quantize/quantize-result.ts';
import type { JudgedSummary } from '../../judged-summary.ts';
import { pruneSummary } from '../../prune-summary.ts';
import { quantizeSummary } from '../../quantize-summary.ts';
import { candidateFigures } from '../candidate-figures.ts';
import type { Page } from '../page.ts';
import { figureSection } from '../page.ts';
import { wholeView } from '../whole-view.ts';
import { originOf, withoutPlace } from './origin-of.ts';

/** What was quantized, what was tried, and what became of each node. */
export function quantizePage(result: QuantizeResult): Page {
  return judgedPage(result, quantizeSummary(result, wholeView), result.size.beforeBytes);
}

/** What was removed, what was tried, and what became of each group. */
export function prunePage(result: PruneResult): Page {
  return judgedPage(result, pruneSummary(result, wholeView), result.before.sizeBytes);
}

function judgedPage(result: QuantizeResult | PruneResult, summary: JudgedSummary, beforeBytes: number): Page {
  const { ok, heading, headline, goals, sections, facts, warnings } = summary;
  return {
    kind: result.kind,
    heading,
    lead: [{ text: headline, tone: ok ? 'plain' : 'bad' }, ...goals],
    sections: [...figureSection('Trade-offs', candidateFigures(result, beforeBytes)), ...sections],
    facts: withoutPlace(facts),
    warnings,
    origins: [originOf(result)],
  };
}
