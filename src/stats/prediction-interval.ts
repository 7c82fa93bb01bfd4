import type { Interval } from './interval.ts';
import { logMoments } from './log-moments.ts';
import { studentInterval } from './student-interval.ts';
import { studentTUpperTail } from './student-t.ts';

/**
 * Where one new value is to be expected after those of the past, on the log scale: exp(mean ± t s sqrt(1 + 1/n)) with
 * n - 1 degrees of freedom (Hahn and Meeker, Statistical Intervals, 1991, 4.7). It is for values that vary alike and
 * independently about one level; a drift makes it too narrow. The one-sided limit that is passed with a chance of alpha
 * is the upper bound for the confidence 1 - 2 alpha.
 *
 * @param history positive values in any unit; the interval is in the same unit
 * @returns the geometric mean; null bounds for a single value
 * @throws RangeError when there are no values, one is not positive and finite, or the confidence is outside (0, 1)
 */
export function predictionInterval(
  history: readonly number[],
  { confidence }: { readonly confidence: number },
): Interval {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence lies in (0, 1), got ${confidence}`);
  const { n, mean, variance } = logMoments(history);
  if (n === 1) return { value: history[0] ?? Number.NaN, low: null, high: null };
  const standardError = Math.sqrt(variance * (1 + 1 / n));
  return studentInterval({ center: mean, standardError, degreesOfFreedom: n - 1, confidence });
}

/**
 * One-sided p of a new value at least so large, were it like those of the past; the prediction interval inverted.
 * @throws RangeError when there are fewer than two values, or one is not positive and finite
 */
export function predictionTail(history: readonly number[], value: number): number {
  if (history.length < 2) throw new RangeError('a prediction needs at least two values');
  if (!(value > 0 && Number.isFinite(value)))
    throw new RangeError(`a prediction on the log needs a positive value, got ${value}`);
  const { n, mean, variance } = logMoments(history);
  // Values that are all the same have no spread but that of rounding their mean.
  if (history.every((past) => past === history[0])) return value > (history[0] ?? value) ? 0 : 1;
  return studentTUpperTail((Math.log(value) - mean) / Math.sqrt(variance * (1 + 1 / n)), n - 1);
}
