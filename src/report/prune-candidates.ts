import type { PruneResult } from '../prune/prune-result.ts';
import { candidatesSection } from './judged-candidates.ts';
import type { Section } from './section.ts';
import { formatPercent } from './units.ts';

/** What was tried, with the shares of MACs and parameters that are left in it. */
export function pruneCandidates(result: PruneResult): readonly Section[] {
  return candidatesSection({
    candidates: result.candidates,
    result,
    beforeBytes: result.before.sizeBytes,
    own: [
      ['MACs', 'right', ({ macs }) => (macs === null ? '-' : formatPercent(macs))],
      ['parameters', 'right', ({ parameters, failure }) => (failure === null ? formatPercent(parameters) : '-'), 3],
    ],
  });
}
