import { binomialAtLeast, binomialAtMost } from './binomial.ts';

/** Samples held against a limit that a quantile of theirs must keep. */
export interface LimitCounts {
  /** Samples above the limit. */
  readonly overs: number;
  readonly samples: number;
  /** Fraction in (0, 1): 0.99 for p99. */
  readonly quantile: number;
  /** As how many independent samples they count; all of them by default. */
  readonly effectiveSamples?: number;
}

/**
 * One-sided p of "the quantile is at most the limit": the chance of at least so many samples above it,
 * P[Binomial(n, 1 - quantile) >= overs]. Small: the limit is broken. The share of overs is kept where samples count as
 * fewer, rounded toward keeping the limit.
 *
 * @throws RangeError when the counts are not whole or not within each other, or the quantile is outside (0, 1)
 */
export function quantileAbove(counts: LimitCounts): number {
  const n = independent(counts);
  return binomialAtLeast(Math.floor((counts.overs * n) / counts.samples), { n, p: 1 - counts.quantile });
}

/**
 * One-sided p of "the quantile is above the limit": the chance of at most so many samples above it,
 * P[Binomial(n, 1 - quantile) <= overs]. Small: the limit is kept. This is MLPerf's early-stopping rule (LoadGen), which
 * asks for at most 1 - confidence.
 *
 * @throws RangeError when the counts are not whole or not within each other, or the quantile is outside (0, 1)
 */
export function quantileBelow(counts: LimitCounts): number {
  const n = independent(counts);
  return binomialAtMost(Math.ceil((counts.overs * n) / counts.samples), { n, p: 1 - counts.quantile });
}

function independent(counts: LimitCounts): number {
  const { overs, samples, quantile, effectiveSamples = samples } = counts;
  if (
    !(Number.isSafeInteger(samples) && samples > 0 && Number.isSafeInteger(overs) && overs >= 0 && overs <= samples)
  ) {
    throw new RangeError(`a quantile's limit needs overs out of samples, got ${overs} of ${samples}`);
  }
  if (!(quantile > 0 && quantile < 1)) throw new RangeError(`a quantile lies in (0, 1), got ${quantile}`);
  if (!(effectiveSamples >= 1)) throw new RangeError(`samples count as at least one, got ${effectiveSamples}`);
  return Math.min(samples, Math.floor(effectiveSamples));
}
