import type { Interval } from './interval.ts';
import { studentTQuantile } from './student-t.ts';

interface LogEstimate {
  /** Estimate and standard error on the log scale. */
  readonly center: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  readonly confidence: number;
}

/**
 * Interval of a positive quantity from its estimate on the log scale: exp(center ± t · standard error). On the log scale
 * timings vary by factors, alike upward and downward, and no bound can fall below 0.
 *
 * @throws RangeError when the confidence is outside (0, 1)
 */
export function studentInterval(estimate: LogEstimate): Interval {
  const { center, standardError, degreesOfFreedom, confidence } = estimate;
  const margin = studentTQuantile((1 + confidence) / 2, degreesOfFreedom) * standardError;
  return { value: Math.exp(center), low: Math.exp(center - margin), high: Math.exp(center + margin) };
}
