import { chiSquaredQuantile } from './chi-squared.ts';

/**
 * Upper confidence limit of a standard deviation known from few values: s sqrt((n - 1) / chi2), chi2 being the lower
 * quantile with n - 1 degrees of freedom. A plan made with s itself, from five values, is too small more often than not;
 * with the limit for 80 % it is so once in five (Browne, "On the Use of a Pilot Sample for Sample Size Determination",
 * Statistics in Medicine 14, 1995).
 *
 * @param sample values in any unit; the limit is in the same unit
 * @throws RangeError when there are fewer than two values, one is not finite, or the confidence is outside (0, 1)
 */
export function upperDeviation(sample: readonly number[], confidence = 0.8): number {
  const n = sample.length;
  if (n < 2) throw new RangeError('a standard deviation needs at least two values');
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence lies in (0, 1), got ${confidence}`);
  for (const value of sample) {
    if (!Number.isFinite(value)) throw new RangeError(`a standard deviation needs finite values, got ${value}`);
  }
  const mean = sample.reduce((sum, value) => sum + value, 0) / n;
  const squares = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / chiSquaredQuantile(1 - confidence, n - 1));
}
