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
}

/** What the chosen model is like on all samples and beside the original, distilled first where that was asked for. */
export async function judgeChosen(work: PruneWork, { chosen, warnings }: Judging): Promise<Judged> {
  const { request, context, feeds, maxDrop } = work;
  const isDistilled = request.settings.distillEpochs !== null && chosen.failure === null;
  const distilled = isDistilled ? await continueByDistilling(work, chosen.file.path) : null;
  const isWasted = isDistilled && distilled === null && !context.signal.aborted;
  const distillWarnings = isWasted
    ? [{ code: 'not-distilled', details: { epochs: request.settings.distillEpochs ?? 0 } }]
    : (distilled?.findings.warnings ?? []);
  try {
    const path = distilled?.path ?? chosen.file.path;
    const isTried = request.verify && chosen.failure === null;
    const isTimed = isTried && request.budgetMs !== null;
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
      warnings: [...warnings, ...distillWarnings, ...(final?.warnings ?? [])],
    };
  } finally {
    distilled?.dispose();
  }
}
