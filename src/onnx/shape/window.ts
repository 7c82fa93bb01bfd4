import type { Dimension, Shape } from '../value-type.ts';
import { lengthOrNull } from './dimension.ts';
import type { NodeView } from './node-view.ts';

/** How a kernel slides over the spatial axes, by the attributes that convolutions and pools share. */
export interface Window {
  readonly kernel: readonly Dimension[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before and after each axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly autoPad: string;
  readonly ceil: boolean;
}

/** Reads the attributes; null when one has a wrong count or makes no sense. */
export function windowOf(node: Pick<NodeView, 'ints' | 'int' | 'string'>, kernel: readonly Dimension[]): Window | null {
  const rank = kernel.length;
  const strides = node.ints('strides') ?? filled(rank, 1);
  const dilations = node.ints('dilations') ?? filled(rank, 1);
  const pads = node.ints('pads') ?? filled(2 * rank, 0);
  if (strides.length !== rank || dilations.length !== rank || pads.length !== 2 * rank) return null;
  if (![...strides, ...dilations].every((step) => Number.isSafeInteger(step) && step > 0)) return null;
  return {
    kernel,
    strides,
    dilations,
    before: pads.slice(0, rank),
    after: pads.slice(rank),
    autoPad: node.string('auto_pad', 'NOTSET'),
    ceil: node.int('ceil_mode', 0) !== 0,
  };
}

export function filled(count: number, value: number): readonly number[] {
  return Array.from({ length: count }, () => value);
}

/** Kernel size: the attribute where it is given, else the weight's axes behind the first two. */
export function kernelOf(node: NodeView, weight: Shape): readonly Dimension[] | null {
  return node.ints('kernel_shape') ?? (weight === null || weight.length < 2 ? null : weight.slice(2));
}

/** Places that a window takes along an axis: the length of a convolution's or a pool's output. */
export function windowCount(window: Window, axis: number, length: Dimension): Dimension {
  const kernel = window.kernel[axis] ?? null;
  const stride = window.strides[axis] ?? 1;
  if (window.autoPad === 'SAME_UPPER' || window.autoPad === 'SAME_LOWER') return sameCount(length, stride);
  if (typeof kernel !== 'number') return null;
  const reach = (kernel - 1) * (window.dilations[axis] ?? 1) + 1;
  const isValid = window.autoPad === 'VALID';
  const before = isValid ? 0 : (window.before[axis] ?? 0);
  const after = isValid ? 0 : (window.after[axis] ?? 0);
  if (typeof length !== 'number') return stride === 1 && before + after === reach - 1 ? length : null;
  const room = length + before + after - reach;
  if (room < 0) return null;
  return window.ceil ? ceilCount({ room, stride, length, before }) : lengthOrNull(Math.floor(room / stride) + 1);
}

function sameCount(length: Dimension, stride: number): Dimension {
  if (typeof length === 'number') return lengthOrNull(Math.ceil(length / stride));
  return stride === 1 ? length : null;
}

/**
 * A last window that would start beyond the data is dropped by newer operator sets and by onnxruntime, and was not
 * always by others: unknown then.
 */
function ceilCount(at: { room: number; stride: number; length: number; before: number }): number | null {
  const count = Math.ceil(at.room / at.stride) + 1;
  return (count - 1) * at.stride >= at.length + at.before ? null : lengthOrNull(count);
}
