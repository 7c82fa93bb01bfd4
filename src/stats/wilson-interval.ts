import type { Interval } from './interval.ts';
import { z95 } from './normal.ts';

/**
 * 95 % score interval of a proportion (Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
 * Journal of the American Statistical Association 22, 1927): it keeps its coverage near 0 and 1 and for few samples
 * (Brown, Cai and DasGupta, Statistical Science 16, 2001). Counts need not be whole.
 * @throws RangeError without samples, or when `successes` is not within 0 … n
 */
export function wilsonInterval(successes: number, n: number): Interval {
  if (!(n > 0 && successes >= 0 && successes <= n)) {
    throw new RangeError(`a proportion needs successes out of samples, got ${successes} of ${n}`);
  }
  const p = successes / n;
  const square = z95 * z95;
  const center = (p + square / (2 * n)) / (1 + square / n);
  const margin = (z95 / (1 + square / n)) * Math.sqrt((p * (1 - p)) / n + square / (4 * n * n));
  // Rounding must not leave a bound a hair inside 0 or 1.
  const low = successes === 0 ? 0 : center - margin;
  const high = successes === n ? 1 : center + margin;
  return { value: p, low, high };
}
