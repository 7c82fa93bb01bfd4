import type { Interval } from './interval.ts';
import { logMoments } from './log-moments.ts';
import { studentInterval } from './student-interval.ts';

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
  const { n, mean, variance } = logMoments(values);
  if (n === 1) return { value: values[0] ?? Number.NaN, low: null, high: null };
  return studentInterval({
    center: mean,
    standardError: Math.sqrt(variance / n),
    degreesOfFreedom: n - 1,
    confidence,
  });
}
