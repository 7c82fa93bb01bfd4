import type { Histogram } from '../../compute/calibration/statistics.ts';
import { fullRange } from '../numeric/integer-range.ts';
import type { QuantizationParameters } from '../numeric/scale-and-zero-point.ts';

/**
 * Sum of squared errors to expect when every element counted in a histogram is quantized, clipping included. Elements
 * are taken as spread evenly over their bin, for which the sum is exact at any ratio of bin to scale.
 */
export function expectedSquaredError(histogram: Histogram, { type, scale, zeroPoint }: QuantizationParameters): number {
  const { low, high, counts } = histogram;
  const range = fullRange(type);
  const least = range.low - zeroPoint;
  const most = range.high - zeroPoint;
  const width = (high - low) / counts.length / scale;
  if (!(width > 0)) return 0;
  let sum = 0;
  let before = errorBefore(low / scale, least, most);
  for (let bin = 0; bin < counts.length; bin++) {
    const after = errorBefore(low / scale + width * (bin + 1), least, most);
    sum += (counts[bin] ?? 0) * (after - before);
    before = after;
  }
  return Math.max(0, (sum / width) * scale * scale);
}

/**
 * The integral of (t - q(t))² from 0 to t, where q is the nearest integer between `least` and `most`: 1/12 for each
 * whole integer, and what lies between the last one and t.
 */
function errorBefore(t: number, least: number, most: number): number {
  const rounded = Math.round(t);
  const q = rounded < least ? least : rounded > most ? most : rounded;
  const rest = t - q;
  return q / 12 + (rest * rest * rest) / 3;
}

/** Sum of the squares of all elements counted in a histogram, spread evenly over their bins. */
function expectedSquares({ low, high, counts }: Histogram): number {
  const width = (high - low) / counts.length;
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) {
    const from = low + width * bin;
    const to = from + width;
    sum += ((counts[bin] ?? 0) * (from * from + from * to + to * to)) / 3;
  }
  return sum;
}

/**
 * Signal to quantization noise to expect of a value, in dB: 10 log10(Σx² / Σ(x - q(x))²). Infinity without noise, and
 * for a value that is all zeros.
 */
export function expectedSqnrDb(histogram: Histogram, parameters: QuantizationParameters): number {
  const noise = expectedSquaredError(histogram, parameters);
  return noise === 0 ? Infinity : 10 * Math.log10(expectedSquares(histogram) / noise);
}
