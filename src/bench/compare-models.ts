import { median } from '../stats/quantile.ts';
import { pairedRatio } from '../stats/paired-ratio.ts';
import type { Comparison, Point } from './bench-result.ts';
import { conditionKey } from './sweep.ts';

/**
 * Compares every point of a later model with the first model's point under the same conditions. The two blocks of a
 * round stand side by side in time, so what slowed the machine in that round slowed both: the ratio is taken round by
 * round, and its interval from the rounds' log-ratios.
 */
export function compareModels(points: readonly Point[]): readonly Comparison[] {
  const base = new Map(
    points.flatMap((point, index) => (point.modelIndex === 0 ? [[conditionKey(sweepPoint(point)), index]] : [])),
  );
  return points.flatMap((point, index) => {
    const against = base.get(conditionKey(sweepPoint(point)));
    const other = against === undefined ? undefined : points[against];
    if (point.modelIndex === 0 || against === undefined || other === undefined) return [];
    const pairs = pairRounds(point, other);
    return pairs.length === 0 ? [] : [{ point: index, against, speedup: pairedRatio(pairs), pairs: pairs.length }];
  });
}

function sweepPoint(point: Point) {
  const { ep, threads, instances, requestedDims: dims, batch } = point;
  // A model without a batch axis takes one item a run, like another at batch 1.
  return { ep, threads, instances, dims, batch: batch ?? 1 };
}

/** Ratio head over base is the other's latency over the point's: above 1 the point is faster. */
function pairRounds(point: Point, other: Point): { base: number; head: number }[] {
  const medianOfRound = new Map(other.rounds.map(({ round, latencyMs }) => [round, median(latencyMs)]));
  return point.rounds.flatMap(({ round, latencyMs }) => {
    const head = medianOfRound.get(round);
    return head === undefined ? [] : [{ base: median(latencyMs), head }];
  });
}
