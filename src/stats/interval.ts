/** An estimate with its two-sided confidence interval, in the estimate's unit. */
export interface Interval {
  readonly value: number;
  /** Null, like `high`, when there is only one observation and so nothing to tell its spread by. */
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Half the width of an interval of a positive quantity, relative to its middle and measured on the log scale, where
 * such intervals are symmetric: 0.03 means that the bounds are a factor of 1.03 away. Null without bounds.
 */
export function relativeHalfWidth(interval: Interval): number | null {
  if (interval.low === null || interval.high === null) return null;
  return Math.sqrt(interval.high / interval.low) - 1;
}
