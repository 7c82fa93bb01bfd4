import { binCount } from '../../compute/calibration/statistics.ts';
import type { Histogram, ValueStatistics } from '../../compute/calibration/statistics.ts';
import { fullRange } from '../numeric/integer-range.ts';
import type { RealRange } from '../numeric/scale-and-zero-point.ts';
import { absoluteCounts } from './absolute-counts.ts';
import type { IntegerTarget } from './range-method.ts';
import { isConstant, rangeWithin } from './range-method.ts';

/**
 * The range whose quantized distribution differs least from the original in Kullback and Leibler's sense (TensorRT's
 * entropy calibration, Migacz, "8-bit inference with TensorRT", GTC 2017). Values on one side of zero are searched on
 * that side with all 256 levels, others symmetrically, with 128 for their absolutes. With more levels than bins there is
 * nothing to tell apart, and the range is all there is.
 */
export function entropy(stats: ValueStatistics, { type }: Pick<IntegerTarget, 'type'>): RealRange {
  const { histogram } = stats;
  const { low, high } = histogram;
  const all = { min: low, max: high };
  const { low: lowest, high: highest } = fullRange(type);
  if (isConstant(stats) || highest - lowest >= binCount) return all;
  const isOneSided = low === 0 || high === 0;
  const { limit, counts } = isOneSided ? oneSided(histogram) : absoluteCounts(histogram);
  const bins = bestBins(withoutZeros(counts), isOneSided ? 256 : 128);
  const end = (limit / counts.length) * bins;
  return rangeWithin(histogram, { min: -end, max: end });
}

/** Counts from zero on outward. */
function oneSided({ low, high, counts }: Histogram): { readonly limit: number; readonly counts: Float64Array } {
  return low === 0 ? { limit: high, counts } : { limit: -low, counts: counts.toReversed() };
}

/**
 * Zeros are exact in every quantization, and with the many of a Relu no distribution could be told from another: the
 * first bin counts as the second (NVIDIA's pytorch-quantization, calib/histogram.py).
 */
function withoutZeros(counts: Float64Array): Float64Array {
  const changed = counts.slice();
  changed[0] = counts[1] ?? 0;
  return changed;
}

/**
 * How many of the first bins make the best range: `levels` at least, all where nothing is better. P is the counts with
 * what is clipped added to the last bin; Q spreads each level's counts evenly over those of its bins that are not empty
 * in P. Level j of n bins holds those from ⌊jn/levels⌋ to ⌊(j+1)n/levels⌋.
 */
export function bestBins(counts: Float64Array, levels: number): number {
  const sums = sumsOf(counts);
  let best = counts.length;
  let least = Infinity;
  for (let bins = counts.length; bins >= levels; bins--) {
    const divergence = divergenceOf(counts, sums, { bins, levels });
    if (divergence < least) {
      least = divergence;
      best = bins;
    }
  }
  return best;
}

/** Sums over the bins before each one, [bins + 1]. */
interface Sums {
  readonly counts: Float64Array;
  /** Bins that are not empty. */
  readonly filled: Float64Array;
  /** Of c·ln c. */
  readonly logs: Float64Array;
}

function sumsOf(counts: Float64Array): Sums {
  const length = counts.length + 1;
  const sums = { counts: new Float64Array(length), filled: new Float64Array(length), logs: new Float64Array(length) };
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin] ?? 0;
    sums.counts[bin + 1] = (sums.counts[bin] ?? 0) + count;
    sums.filled[bin + 1] = (sums.filled[bin] ?? 0) + (count > 0 ? 1 : 0);
    sums.logs[bin + 1] = (sums.logs[bin] ?? 0) + timesLog(count);
  }
  return sums;
}

/**
 * Σ p ln(p/q) of the candidate. In a level all q are the same, so that Σ p ln q takes one logarithm a level. Infinity
 * where Q is empty and P is not.
 */
function divergenceOf(
  counts: Float64Array,
  sums: Sums,
  { bins, levels }: { readonly bins: number; readonly levels: number },
): number {
  const total = sums.counts[counts.length] ?? 0;
  const kept = sums.counts[bins] ?? 0;
  const last = counts[bins - 1] ?? 0;
  const clipped = total - kept;
  if (kept === 0) return Infinity;
  let cross = 0;
  for (let level = 0, from = 0; level < levels; level++) {
    const to = Math.floor(((level + 1) * bins) / levels);
    const isLast = level === levels - 1;
    const sum = (sums.counts[to] ?? 0) - (sums.counts[from] ?? 0);
    const mass = isLast ? sum + clipped : sum;
    // One bin, which is in Q what it is in P: most levels of the narrow candidates, without a logarithm.
    if (to === from + 1 && !isLast) cross += (sums.logs[to] ?? 0) - (sums.logs[from] ?? 0);
    else if (mass > 0) {
      if (sum === 0) return Infinity;
      const filled = (sums.filled[to] ?? 0) - (sums.filled[from] ?? 0) + (isLast && last === 0 && clipped > 0 ? 1 : 0);
      cross += mass * Math.log(sum / filled);
    }
    from = to;
  }
  const own = (sums.logs[bins - 1] ?? 0) + timesLog(last + clipped);
  return (own - cross) / total - Math.log(total) + Math.log(kept);
}

function timesLog(count: number): number {
  return count > 0 ? count * Math.log(count) : 0;
}
