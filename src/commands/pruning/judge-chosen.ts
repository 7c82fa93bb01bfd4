import type { Finding } from '../../errors.ts';
import { compareCandidate } from '../trials/compare-candidate.ts';
import { measureCandidates } from '../trials/measure-candidates.ts';
import { continueByDistilling } from './continue-by-distilling.ts';
import type { PruneOutcome } from './outcome.ts';
import type { PruneTrial } from './trial.ts';
import type { PruneWork } from './work.ts';

/** Of the time for measuring, what settles the speed of the model that was chosen. */
export const finalShare = 0.4;

export type Judged = Pick<
  PruneOutcome,
  'model' | 'sizeBytes' | 'findings' | 'measured' | 'failure' | 'benchFailure' | 'interrupted' | 'warnings'
>;

export interface Judging {
  readonly chosen: PruneTrial;
  readonly warnings: readonly Finding[];
  /** Whether its speed matters; true unless given. */
  readonly timed?: boolean;
}

/** What the chosen model is like on all samples and beside the original, distilled first where that was asked for. */
export async function judgeChosen(work: PruneWork, { chosen, warnings, timed = true }: Judging): Promise<Judged> {
  const { request, context, feeds, maxDrop } = work;
  const isDistilled = request.settings.distillEpochs !== null && chosen.failure === null;
  const distilled = isDistilled ? await continueByDistilling(work, chosen.file.path) : null;
  try {
    const path = distilled?.path ?? chosen.file.path;
    const isTried = request.verify && chosen.failure === null;
    const isTimed = isTried && timed && request.budgetMs !== null;
    const final = isTimed ? await measureCandidates(work, [path], (request.budgetMs ?? 0) * finalShare) : null;
    const comparing = { name: chosen.name, path, samples: feeds.evaluation, maxDrop };
    return {
      model: distilled?.model ?? chosen.model,
      sizeBytes: chosen.file.sizeBytes,
      findings: isTried ? await compareCandidate(work, comparing) : null,
      measured: final?.candidates.get(path) ?? chosen.measured,
      failure: chosen.failure,
      benchFailure: final?.failure ?? null,
      interrupted: context.signal.aborted,
      warnings: [...warnings, ...(final?.warnings ?? [])],
    };
  } finally {
    distilled?.dispose();
  }
}
