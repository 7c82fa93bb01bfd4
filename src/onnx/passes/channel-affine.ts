import type { Node } from '../node.ts';
import type { Tensor } from '../tensor.ts';
import type { Value } from '../value.ts';
import { constantOperationOf } from './constant-operation.ts';
import { floatConstantOf, floatsOf } from './float-constant.ts';

/** Where a layer's output has its channels. */
export interface ChannelAxis {
  readonly channels: number;
  /** Axes behind the channels' own: 2 for an image `[N, C, H, W]`, 0 for `[M, N]`. */
  readonly behind: number;
  /** The fewest axes that the output can have. */
  readonly leastRank: number;
}

/** `y = scale * x + shift`, a number for each channel; null where it is 1 or 0 throughout. */
export interface ChannelAffine {
  readonly scale: Float64Array | null;
  readonly shift: Float64Array | null;
}

/**
 * A constant that is one number for each channel, or one for all, as one number for each channel. Null when it varies
 * along another axis, or when adding it would change the output's shape.
 */
export function alongChannels(constant: Tensor, axis: ChannelAxis): Float64Array | null {
  const { dims } = constant;
  const at = dims.length - 1 - axis.behind;
  if (dims.length > axis.leastRank) return null;
  if (dims.some((dim, index) => dim !== 1 && (index !== at || dim !== axis.channels))) return null;
  const values = floatsOf(constant);
  return values.length === 1 ? new Float64Array(axis.channels).fill(values[0] ?? 0) : Float64Array.from(values);
}

/** `x * c`, `c * x` and `x / c` as a scale. */
export function channelScaleOf(node: Node, input: Value, axis: ChannelAxis): ChannelAffine | null {
  const operation = node.is('Mul', 'Div') ? constantOperationOf(node) : null;
  if (operation === null || operation.input !== input) return null;
  const values = alongChannels(operation.constant, axis);
  if (values === null || node.is('Mul')) return values && { scale: values, shift: null };
  return operation.constantIndex === 1 ? { scale: values.map((value) => 1 / value), shift: null } : null;
}

/** `x + c`, `c + x`, `x - c` and `c - x` as a shift, the last with a scale of -1. */
export function channelShiftOf(node: Node, input: Value, axis: ChannelAxis): ChannelAffine | null {
  const operation = node.is('Add', 'Sub') ? constantOperationOf(node) : null;
  if (operation === null || operation.input !== input) return null;
  const values = alongChannels(operation.constant, axis);
  if (values === null || node.is('Add')) return values && { scale: null, shift: values };
  if (operation.constantIndex === 1) return { scale: null, shift: values.map((value) => -value) };
  return { scale: new Float64Array(axis.channels).fill(-1), shift: values };
}

/**
 * BatchNormalization in its inference form, `gamma * (x - mean) / sqrt(variance + epsilon) + beta`. Null for one that
 * trains (further outputs, `training_mode`), for statistics of every element apart (`spatial` 0, before operator set
 * 9) and for statistics that are not constant.
 */
export function batchNormalizationOf(node: Node, input: Value, axis: ChannelAxis): ChannelAffine | null {
  if (!node.is('BatchNormalization') || node.input(0) !== input) return null;
  if (node.int('training_mode', 0) !== 0 || node.int('spatial', 1) !== 1) return null;
  if (node.outputs.slice(1).some((value) => value !== null)) return null;
  const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((index) => statisticOf(node.input(index), axis.channels));
  if (!gamma || !beta || !mean || !variance) return null;
  const epsilon = node.float('epsilon', Math.fround(1e-5));
  const scale = gamma.map((factor, channel) => factor / Math.sqrt((variance[channel] ?? 0) + epsilon));
  const shift = beta.map((term, channel) => term - (mean[channel] ?? 0) * (scale[channel] ?? 0));
  return { scale, shift };
}

function statisticOf(value: Value | null, channels: number): Float64Array | null {
  const constant = floatConstantOf(value);
  if (constant === null || constant.elementCount !== channels) return null;
  return Float64Array.from(floatsOf(constant));
}
