import { isCloseEnough } from './trial.ts';
import type { TriedWidths } from './width-search.ts';
import type { PruneWork } from './work.ts';

/** There is one at least. Of those that keep every limit, the fastest, then the smallest; where none does, the closest. */
export function bestTrial(work: PruneWork, trials: readonly TriedWidths[]): TriedWidths {
  const good = trials.filter((trial) => isCloseEnough(trial) && isWithin(work, trial));
  const { targetLatency, targetMacs, targetSize } = work.request.goals;
  const hasTarget = targetLatency !== null || targetMacs !== null || targetSize !== null;
  // A target is to be met with as much of the model as possible; without one as little as possible is to be left.
  if (good.length > 0)
    return good.reduce((best, trial) =>
      (hasTarget ? trial.at > best.at : timeOf(trial) < timeOf(best)) ? trial : best,
    );
  const runs = trials.filter(({ failure }) => failure === null);
  const pool = runs.length > 0 ? runs : trials;
  const nearTarget = hasTarget ? timeOf : lossOf;
  return pool.reduce((best, trial) => (nearTarget(trial) < nearTarget(best) ? trial : best));
}

/** Latency over the original's, or the share of the cost that was allowed. */
function timeOf({ measured, at }: TriedWidths): number {
  return measured === null ? at : 1 / measured.speedup.value;
}

function lossOf({ findings }: TriedWidths): number {
  return findings?.drop?.drop?.value ?? 0;
}

function isWithin({ request: { goals }, original }: PruneWork, { measured, file }: TriedWidths): boolean {
  const { targetLatency, targetSize } = goals;
  if (targetLatency !== null) {
    const ratio = measured === null ? Infinity : 1 / measured.speedup.value;
    if (ratio > targetLatency.share) return false;
  }
  if (targetSize === null) return true;
  const { limit } = targetSize;
  return file.sizeBytes <= ('bytes' in limit ? limit.bytes : limit.share * original.sizeBytes);
}
