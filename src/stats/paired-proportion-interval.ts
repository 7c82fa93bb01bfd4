import type { Interval } from './interval.ts';
import { z95 } from './normal.ts';

/** Two raters of the same samples. Counts need not be whole. */
export interface PairedCounts {
  /** Samples on which only the first succeeded. */
  readonly onlyFirst: number;
  /** Samples on which only the second succeeded. */
  readonly onlySecond: number;
  /** All samples. */
  readonly n: number;
}

/**
 * 95 % interval of the difference of two paired proportions, first - second: Tango's score interval ("Equivalence test
 * and confidence interval for the difference in proportions for the paired-sample design", Statistics in Medicine 17,
 * 1998). Of the intervals compared by Fagerland, Lydersen and Laake (Statistics in Medicine 33, 2014) it is among the
 * two with the best coverage, also for few differing pairs, and never degenerate: without any it is ± z^2 / (n + z^2).
 * @throws RangeError when the counts are not within the samples
 */
export function pairedProportionInterval(counts: PairedCounts): Interval {
  const { onlyFirst, onlySecond, n } = counts;
  // Shares of a count do not add up to the last bit.
  if (!(n > 0 && onlyFirst >= 0 && onlySecond >= 0 && onlyFirst + onlySecond <= n * (1 + 1e-12))) {
    throw new RangeError(`paired proportions need ${onlyFirst} + ${onlySecond} within ${n} samples`);
  }
  const value = (onlyFirst - onlySecond) / n;
  return { value, low: bound(counts, z95, [-1, value]), high: bound(counts, -z95, [value, 1]) };
}

/** The difference at which the score statistic, which falls, is `z`. */
function bound(counts: PairedCounts, z: number, [from, to]: readonly [number, number]): number {
  let low = from;
  let high = to;
  for (let i = 0; i < 100 && high - low > 1e-15; i++) {
    const middle = (low + high) / 2;
    if (score(counts, middle) > z) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Tango's statistic: the difference less `delta`, over its standard error when `delta` is true. */
function score({ onlyFirst, onlySecond, n }: PairedCounts, delta: number): number {
  const linear = -onlyFirst - onlySecond + (2 * n - onlyFirst + onlySecond) * delta;
  const constant = -onlySecond * delta * (1 - delta);
  // Share of pairs where only the second succeeds, most likely under `delta`: root of 2n q^2 + linear q + constant.
  const share = (Math.sqrt(Math.max(0, linear * linear - 8 * n * constant)) - linear) / (4 * n);
  const variance = n * (2 * share + delta * (1 - delta));
  const excess = onlyFirst - onlySecond - n * delta;
  return variance <= 0 ? Math.sign(excess) * Infinity : excess / Math.sqrt(variance);
}
