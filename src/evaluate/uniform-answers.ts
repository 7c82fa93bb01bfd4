import type { Interval } from '../stats/interval.ts';
import { pairedProportionInterval } from '../stats/paired-proportion-interval.ts';
import { wilsonInterval } from '../stats/wilson-interval.ts';

/** Whether all resamples gave the same. Never so for a single sample, which has no interval. */
export function isUniform({ low, high }: Interval): boolean {
  return low !== null && low === high;
}

/**
 * Of a share of answers that are all right, or all wrong: resamples of those do not vary, however few they are, so what
 * else they may come from is Wilson's to say. Any other interval as it is.
 */
export function shareInterval(interval: Interval, n: number): Interval {
  const { value } = interval;
  return isUniform(interval) && (value === 0 || value === 1) ? wilsonInterval(value * n, n) : interval;
}

/** The same for the difference of two models that never differ. */
export function differenceInterval(interval: Interval, n: number): Interval {
  if (!isUniform(interval) || interval.value !== 0) return interval;
  return pairedProportionInterval({ onlyFirst: 0, onlySecond: 0, n });
}
