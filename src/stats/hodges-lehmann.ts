import type { Interval } from './interval.ts';
import { quantileOfSorted } from './quantile.ts';
import { signedRankCritical } from './signed-rank-distribution.ts';

/**
 * Middle of a symmetric distribution: the median of the Walsh averages (Hodges and Lehmann, "Estimates of Location Based
 * on Rank Tests", Annals of Mathematical Statistics 34, 1963), with the interval that the signed-rank test does not
 * reject, between two order statistics of the averages (Tukey, 1949; Hollander, Wolfe and Chicken, Nonparametric
 * Statistical Methods, 3.3). Its coverage is exact for whatever symmetric distribution, at least the nominal one, and
 * no less under ties. A wild difference moves it as little as it moves the test.
 *
 * @param differences in any unit; the interval is in the same unit
 * @returns null bounds where so few differences cannot bound it: below 6 for 95 %
 * @throws RangeError when there are no differences, one is not finite, or the confidence is outside (0, 1)
 */
export function hodgesLehmann(differences: readonly number[], confidence = 0.95): Interval {
  if (differences.length === 0) throw new RangeError('a Hodges-Lehmann estimate needs at least one difference');
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence lies in (0, 1), got ${confidence}`);
  const averages = walshAverages(differences);
  const value = quantileOfSorted(averages, 0.5);
  const critical = signedRankCritical(differences.length, (1 - confidence) / 2);
  if (critical === null) return { value, low: null, high: null };
  return {
    value,
    low: Math.min(value, averages[critical] ?? value),
    high: Math.max(value, averages[averages.length - 1 - critical] ?? value),
  };
}

/** The mean of every two differences, each with itself included, ascending. */
function walshAverages(differences: readonly number[]): Float64Array {
  const n = differences.length;
  const averages = new Float64Array((n * (n + 1)) / 2);
  let filled = 0;
  for (const [i, first] of differences.entries()) {
    if (!Number.isFinite(first)) throw new RangeError(`Walsh averages need finite differences, got ${first}`);
    for (let j = 0; j <= i; j++) averages[filled++] = first / 2 + (differences[j] ?? 0) / 2;
  }
  return averages.toSorted();
}
