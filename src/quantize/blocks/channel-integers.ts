import type { Tensor } from '../../onnx/tensor.ts';
import { fullRange } from '../numeric/integer-range.ts';
import { clamp, roundHalfToEven } from '../numeric/rounding.ts';
import { scaleAndZeroPoint } from '../numeric/scale-and-zero-point.ts';
import { floatsOf } from './floats-of.ts';

/** A tensor seen as `[outer, channels, inner]`. */
interface ChannelLayout {
  readonly channels: number;
  readonly inner: number;
}

function layoutOf({ dims }: Tensor, axis: number): ChannelLayout {
  const inner = dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
  return { channels: dims[axis] ?? 1, inner };
}

/** A scale for each channel of a float32 tensor: symmetric int8, -127 … 127 for its range. Throws RangeError for NaN and infinities. */
export function channelScales(tensor: Tensor, axis: number): Float32Array {
  const { channels, inner } = layoutOf(tensor, axis);
  const data = floatsOf(tensor);
  const most = new Float32Array(channels);
  for (let start = 0, channel = 0; start < data.length; start += inner) {
    let largest = most[channel] ?? 0;
    for (let i = start; i < start + inner; i++) {
      const size = Math.abs(data[i] ?? 0);
      if (!(size <= largest)) largest = size;
    }
    most[channel] = largest;
    channel = channel + 1 === channels ? 0 : channel + 1;
  }
  if (most.some((size) => !Number.isFinite(size))) throw new RangeError('a weight is not finite');
  return most.map(
    (max) => scaleAndZeroPoint({ min: -max, max }, { type: 'int8', symmetric: true, reduced: false }).scale,
  );
}

export interface ChannelIntegersOptions {
  readonly axis: number;
  /** Of `channelScales`. */
  readonly scales: Float32Array;
}

/** A tensor's integers as QuantizeLinear makes them, with zero points of 0. */
export function channelIntegers(tensor: Tensor, { axis, scales }: ChannelIntegersOptions): Int8Array {
  const { channels, inner } = layoutOf(tensor, axis);
  const data = floatsOf(tensor);
  const integers = new Int8Array(data.length);
  const { low, high } = fullRange('int8');
  for (let start = 0, channel = 0; start < data.length; start += inner) {
    const scale = scales[channel] ?? 1;
    for (let i = start; i < start + inner; i++)
      integers[i] = clamp(roundHalfToEven(Math.fround((data[i] ?? 0) / scale)), low, high);
    channel = channel + 1 === channels ? 0 : channel + 1;
  }
  return integers;
}
