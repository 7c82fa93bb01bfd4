import type { Histogram, ValueStatistics } from '../../compute/calibration/statistics.ts';
import type { RealRange } from '../numeric/scale-and-zero-point.ts';
import { edgeOf, isConstant, rangeWithin } from './range-method.ts';

export interface PercentileOptions {
  /** Part of the elements that stays unclipped, in percent: 99.999 unless given. */
  readonly percent?: number;
  /** As far below as above zero; false unless given: half of the rest is clipped at each end. */
  readonly symmetric?: boolean;
}

/**
 * The range that holds a part of all elements (onnxruntime's calibrate.py, PercentileCalibrator), to the next edge of a
 * bin outward. Clips fewer elements than asked for, never more.
 */
export function percentile(
  stats: ValueStatistics,
  { percent = 99.999, symmetric = false }: PercentileOptions = {},
): RealRange {
  const { histogram, elements } = stats;
  if (isConstant(stats)) return { min: histogram.low, max: histogram.high };
  // A hundredth of 300 elements is 3 of them, not 2.9999999999999996.
  const clipped = Math.round(elements * (100 - percent) * 1e4) / 1e6;
  const limit = symmetric ? mirrored(histogram, clipped) : eachEnd(histogram, clipped / 2);
  return rangeWithin(histogram, limit);
}

/** Takes bins off each end while they hold no more than `most` elements. */
function eachEnd(histogram: Histogram, most: number): RealRange {
  const { counts } = histogram;
  let first = 0;
  let last = counts.length;
  for (let left = most; first < last && left >= (counts[first] ?? 0); first++) left -= counts[first] ?? 0;
  for (let left = most; last > first && left >= (counts[last - 1] ?? 0); last--) left -= counts[last - 1] ?? 0;
  return { min: edgeOf(histogram, first), max: edgeOf(histogram, last) };
}

/** Takes bins off whichever end lies farther from zero while they hold no more than `most` elements together. */
function mirrored(histogram: Histogram, most: number): RealRange {
  const { counts } = histogram;
  let first = 0;
  let last = counts.length;
  for (let left = most; first < last;) {
    const isLower = -edgeOf(histogram, first) > edgeOf(histogram, last);
    const count = counts[isLower ? first : last - 1] ?? 0;
    if (count > left) break;
    left -= count;
    if (isLower) first++;
    else last--;
  }
  const limit = Math.max(-edgeOf(histogram, first), edgeOf(histogram, last));
  return { min: -limit, max: limit };
}
