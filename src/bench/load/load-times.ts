import { countOvers } from '../../stats/effective-samples.ts';
import type { Interval } from '../../stats/interval.ts';
import { meanInterval } from '../../stats/mean-interval.ts';
import { minimumSamples } from '../../stats/minimum-samples.ts';
import { quantileInterval } from '../../stats/quantile-interval.ts';
import type { LoadTimes } from './load-result.ts';

/** Batches of a run whose means are independent enough: Schmeiser, Operations Research 30 (1982), finds 10 to 30 to do. */
const batches = 20;

/**
 * Percentiles, mean and maximum of times in order of arrival. Neighbors wait for the same others, so that intervals are
 * as wide as those of fewer independent times.
 *
 * @param times infinite for requests that were not answered, which are slower than any
 * @returns null where nothing was answered
 */
export function loadTimes(times: Float64Array): LoadTimes | null {
  const finite = times.filter((ms) => Number.isFinite(ms));
  if (finite.length === 0) return null;
  const sorted = times.toSorted();
  const quantile = (p: number) => quantileOf(sorted, times, { p, answered: finite.length });
  return {
    p50: quantile(0.5),
    p90: quantile(0.9),
    p95: quantile(0.95),
    p99: quantile(0.99),
    mean: batchMeans(finite),
    max: sorted[finite.length - 1] ?? 0,
  };
}

interface Wanted {
  readonly p: number;
  readonly answered: number;
}

function quantileOf(sorted: Float64Array, times: Float64Array, { p, answered }: Wanted): Interval | null {
  const n = sorted.length;
  if ((p > 0.5 && n < minimumSamples(p)) || Math.ceil((n - 1) * p) >= answered) return null;
  const at = sorted[Math.floor((n - 1) * p)] ?? 0;
  const { effectiveSamples } = countOvers(times, at);
  const { value, low, high } = quantileInterval(sorted, p, { confidence: 0.95, effectiveSamples });
  return { value, low, high: high === Infinity ? null : high };
}

/** The mean with Student's interval of the means of consecutive batches. */
function batchMeans(times: Float64Array): Interval {
  const value = meanOf(times);
  const size = Math.floor(times.length / batches);
  if (size < 2) return { value, low: null, high: null };
  const means = Array.from({ length: batches }, (_, batch) => meanOf(times.subarray(batch * size, (batch + 1) * size)));
  const { low, high } = meanInterval(means);
  return { value, low: low === null ? null : Math.min(value, Math.max(0, low)), high: Math.max(value, high ?? value) };
}

function meanOf(times: Float64Array): number {
  return times.reduce((sum, ms) => sum + ms, 0) / times.length;
}
