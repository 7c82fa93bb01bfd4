import { clamp, roundHalfToEven } from './rounding.ts';

const int32 = { low: -(2 ** 31), high: 2 ** 31 - 1 };

/** A bias as int32, in the unit of the products it is added to. */
export interface QuantizedBias {
  readonly data: Int32Array;
  /** float32, [channels]: scale of the input times that of the weight. */
  readonly scales: Float32Array;
}

/**
 * Quantizes a bias by the scale that its layer's sums have: s_x · s_w, as integer kernels add it to int32 sums. The
 * weight's scale may be one for all channels.
 */
export function quantizeBias(bias: Float32Array, inputScale: number, weightScales: Float32Array): QuantizedBias {
  const scales = new Float32Array(bias.length);
  const data = new Int32Array(bias.length);
  for (const [c, value] of bias.entries()) {
    const scale = Math.fround(inputScale * (weightScales[weightScales.length === 1 ? 0 : c] ?? 1));
    scales[c] = scale;
    data[c] = clamp(roundHalfToEven(value / scale), int32.low, int32.high);
  }
  return { data, scales };
}

/**
 * Half of int32 is left to the products that are added to a bias: sums wrap around. onnxruntime's
 * `_adjust_weight_scale_for_int32_bias` leaves 0.01 %, which 1,000 products of 8 bits pass.
 */
const margin = 2;

/**
 * The smallest scales of a weight with which the bias fits into int32: channels of tiny weights and a large bias would
 * overflow otherwise. `channels` is 1 for a weight with one scale.
 */
export function leastWeightScales(bias: Float32Array, inputScale: number, channels: number): Float32Array {
  const least = new Float32Array(channels);
  for (const [c, value] of bias.entries()) {
    const needed = (margin * Math.abs(value)) / int32.high / inputScale;
    const at = channels === 1 ? 0 : c;
    least[at] = Math.max(least[at] ?? 0, needed);
  }
  return least;
}
