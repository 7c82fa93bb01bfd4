import { median } from '../../stats/quantile.ts';
import type { Point } from '../../bench/bench-result.ts';

const most = 2000;

interface Weighted {
  readonly ratio: number;
  readonly weight: number;
}

/**
 * Service times over the median of their block, of all points together: how much a run may differ from the usual one,
 * apart from what its batch and its round's mood make of it. Points weigh the same, and so do the blocks of one, however
 * many runs they hold. At most 2,000, at evenly spread quantiles, ascending.
 */
export function pooledRatios(points: readonly Pick<Point, 'rounds'>[]): Float64Array {
  const all = points.flatMap(({ rounds }) => rounds.flatMap((round) => ratiosOf(round.latencyMs, rounds.length)));
  const sorted = all.toSorted((a, b) => a.ratio - b.ratio);
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0);
  const size = Math.min(most, sorted.length);
  let index = 0;
  let passed = sorted[0]?.weight ?? 0;
  return Float64Array.from({ length: size }, (_, rank) => {
    while (passed < ((rank + 0.5) * total) / size && index < sorted.length - 1) {
      index++;
      passed += sorted[index]?.weight ?? 0;
    }
    return sorted[index]?.ratio ?? Number.NaN;
  });
}

function ratiosOf(latencyMs: readonly number[], rounds: number): Weighted[] {
  const middle = median(latencyMs);
  const weight = 1 / (rounds * latencyMs.length);
  return latencyMs.map((ms) => ({ ratio: ms / middle, weight }));
}
