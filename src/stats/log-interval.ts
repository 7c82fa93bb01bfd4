import type { Interval } from './interval.ts';
import { studentInterval } from './student-interval.ts';

function requirePositive(values: readonly number[]): void {
  if (values.length === 0) throw new RangeError('an interval needs at least one value');
  for (const value of values) {
    if (!(value > 0 && Number.isFinite(value)))
      throw new RangeError(`an interval on the log needs positive values, got ${value}`);
  }
}

/**
 * Geometric mean of one statistic per block and its interval: Student's t with n - 1 degrees of freedom on the
 * logarithms (Student, "The Probable Error of a Mean", Biometrika 6, 1908). A percentile bootstrap over so few blocks is
 * far too narrow: simulated, it covers 74 % instead of 95 % at three blocks.
 *
 * @param values one positive number per block, in any unit; the interval is in the same unit
 * @returns null bounds for a single value
 * @throws RangeError when there are no values or one is not positive and finite
 */
export function logInterval(values: readonly number[], confidence = 0.95): Interval {
  requirePositive(values);
  const [first = Number.NaN] = values;
  const n = values.length;
  if (n === 1) return { value: first, low: null, high: null };
  const logs = values.map(Math.log);
  const center = logs.reduce((sum, log) => sum + log, 0) / n;
  const variance = logs.reduce((sum, log) => sum + (log - center) ** 2, 0) / (n - 1);
  return studentInterval({ center, standardError: Math.sqrt(variance / n), degreesOfFreedom: n - 1, confidence });
}
