import type { QuantizeResult } from '../quantize/quantize-result.ts';
import { closenessSection } from './closeness-section.ts';
import type { JudgedSummary } from './judged-summary.ts';
import { judgedHeading } from './judged-texts.ts';
import { describeFinding } from './messages/message.ts';
import { quantizeCandidates } from './quantize-candidates.ts';
import { quantizeFacts } from './quantize-facts.ts';
import { goalLines } from './quantize-goals.ts';
import { quantizeHeadline } from './quantize-headline.ts';
import { nodesSection, reasonsSection } from './quantize-nodes.ts';
import { sizesSection } from './quantize-sizes.ts';
import type { View } from './view.ts';

/** Says what was done; `details` for every node there is. */
export function quantizeSummary(result: QuantizeResult, view: View): JudgedSummary {
  return {
    ok: result.ok,
    heading: judgedHeading(result),
    headline: quantizeHeadline(result),
    goals: goalLines(result),
    sections: [
      ...quantizeCandidates(result),
      ...closenessSection(result.evaluation, view),
      ...reasonsSection(result),
      ...sizesSection(result),
      ...(view.details ? nodesSection(result) : []),
    ],
    facts: quantizeFacts(result),
    warnings: result.warnings.map(describeFinding),
  };
}
