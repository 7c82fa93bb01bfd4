import type { QuantizeResult } from '../quantize/quantize-result.ts';
import { candidatesSection } from './judged-candidates.ts';
import type { Section } from './section.ts';
import { formatWhole } from './units.ts';

/** What was tried, with the number of nodes that are quantized in it. */
export function quantizeCandidates(result: QuantizeResult): readonly Section[] {
  return candidatesSection({
    candidates: result.candidates,
    result,
    beforeBytes: result.size.beforeBytes,
    own: [['nodes', 'right', ({ quantizedNodes }) => formatWhole(quantizedNodes), 3]],
  });
}
