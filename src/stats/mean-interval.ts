import type { Interval } from './interval.ts';
import { studentTQuantile } from './student-t.ts';

/**
 * Mean of one statistic per block and its interval: Student's t with n - 1 degrees of freedom (Student, "The Probable
 * Error of a Mean", Biometrika 6, 1908). For quantities that add up, such as the shares of a whole.
 *
 * @returns null bounds for a single value
 * @throws RangeError when there are no values
 */
export function meanInterval(values: readonly number[], confidence = 0.95): Interval {
  const n = values.length;
  if (n === 0) throw new RangeError('there are no values');
  const value = values.reduce((sum, each) => sum + each, 0) / n;
  if (n === 1) return { value, low: null, high: null };
  const variance = values.reduce((sum, each) => sum + (each - value) ** 2, 0) / (n - 1);
  const margin = studentTQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(variance / n);
  return { value, low: value - margin, high: value + margin };
}
