import type { Interval } from './interval.ts';

/** A figure without any doubt. */
export function exactly(value: number): Interval {
  return { value, low: value, high: value };
}

/** @param factor not negative */
export function scaledInterval({ value, low, high }: Interval, factor: number): Interval {
  return { value: value * factor, low: low === null ? null : low * factor, high: high === null ? null : high * factor };
}

/**
 * Sum of figures that may err alike: bound by bound, which is what a sum of completely dependent figures varies between,
 * and wide enough for any others.
 */
export function dependentSum(terms: readonly Interval[]): Interval {
  const total = (bound: (term: Interval) => number | null): number | null =>
    terms.reduce<number | null>((sum, term) => {
      const more = bound(term);
      return sum === null || more === null ? null : sum + more;
    }, 0);
  return {
    value: terms.reduce((sum, { value }) => sum + value, 0),
    low: total(({ low }) => low),
    high: total(({ high }) => high),
  };
}

/**
 * Difference of two figures that err independently, from their own intervals: Zou and Donner, "Construction of
 * Confidence Limits about Effect Measures", Statistics in Medicine 27 (2008), the method of variance estimates recovery.
 * For figures that err alike it is too wide, never too narrow.
 */
export function independentDifference(first: Interval, second: Interval): Interval {
  const value = first.value - second.value;
  if (first.low === null || first.high === null || second.low === null || second.high === null)
    return { value, low: null, high: null };
  return {
    value,
    low: value - Math.hypot(first.value - first.low, second.high - second.value),
    high: value + Math.hypot(first.high - first.value, second.value - second.low),
  };
}

/** Ratio of two positive figures that err independently: their difference on the log scale. */
export function independentRatio(first: Interval, second: Interval): Interval {
  const { value, low, high } = independentDifference(onLogScale(first), onLogScale(second));
  return {
    value: Math.exp(value),
    low: low === null ? null : Math.exp(low),
    high: high === null ? null : Math.exp(high),
  };
}

function onLogScale({ value, low, high }: Interval): Interval {
  return {
    value: Math.log(value),
    low: low === null ? null : Math.log(low),
    high: high === null ? null : Math.log(high),
  };
}
