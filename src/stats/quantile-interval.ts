import { binomialAtMost } from './binomial.ts';
import type { Interval } from './interval.ts';
import { quantileOfSorted } from './quantile.ts';

export interface QuantileIntervalOptions {
  readonly confidence: number;
  /** As how many independent samples they count; all of them by default. */
  readonly effectiveSamples?: number;
}

/**
 * A quantile with the distribution-free interval between two order statistics (Thompson, Annals of Mathematical
 * Statistics 7, 1936; David and Nagaraja, Order Statistics, 7.1): how many of n samples lie below the true quantile is
 * binomial. Where samples count as m < n, the ranks are those of m samples, widened outward to the ranks of all n: were
 * each sample there n / m times over, that would be exact.
 *
 * @param sorted ascending values
 * @param quantile fraction in (0, 1)
 * @returns a null bound on the side (one of them or both) for which there are too few samples
 * @throws RangeError when there are no values, or the quantile or the confidence is outside (0, 1)
 */
export function quantileInterval(
  sorted: Float64Array | readonly number[],
  quantile: number,
  { confidence, effectiveSamples = sorted.length }: QuantileIntervalOptions,
): Interval {
  if (!(quantile > 0 && quantile < 1)) throw new RangeError(`a quantile lies in (0, 1), got ${quantile}`);
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence lies in (0, 1), got ${confidence}`);
  if (!(effectiveSamples >= 1 || sorted.length === 0)) {
    throw new RangeError(`samples count as at least one, got ${effectiveSamples}`);
  }
  const value = quantileOfSorted(sorted, quantile);
  const n = sorted.length;
  const m = Math.min(n, Math.floor(effectiveSamples));
  const tail = (1 - confidence) / 2;
  const below = mostBelow(m, quantile, tail);
  const above = mostBelow(m, 1 - quantile, tail);
  return {
    value,
    low: below === null ? null : Math.min(value, sorted[Math.floor((below * n) / m)] ?? value),
    high: above === null ? null : Math.max(value, sorted[n - 1 - Math.floor((above * n) / m)] ?? value),
  };
}

/** The largest k with P[Binomial(n, p) <= k] <= tail: the k smallest samples may be left out. Null where there is none. */
function mostBelow(n: number, p: number, tail: number): number | null {
  if (binomialAtMost(0, { n, p }) > tail) return null;
  let k = 0;
  let tooMany = n;
  while (tooMany - k > 1) {
    const middle = Math.floor((k + tooMany) / 2);
    if (binomialAtMost(middle, { n, p }) <= tail) k = middle;
    else tooMany = middle;
  }
  return k;
}
