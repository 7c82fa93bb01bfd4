import type { IntegerType, RangeRule } from './integer-range.ts';
import { fullRange, integerRange } from './integer-range.ts';
import { clamp, roundHalfToEven } from './rounding.ts';

/** Real numbers as integers: real = (integer - zeroPoint) · scale. */
export interface QuantizationParameters {
  readonly type: IntegerType;
  /** A float32 number above 0. */
  readonly scale: number;
  readonly zeroPoint: number;
}

/** The smallest normal float32: smaller scales would be flushed to zero. */
export const leastScale = 1.1754943508222875e-38;

/** What lies between two real numbers, in their unit. */
export interface RealRange {
  readonly min: number;
  readonly max: number;
}

/**
 * Scale and zero point for a range of real numbers, zero always being one of them (onnxruntime's
 * quant_utils.py, compute_scale_zp: the range in float32, the scale in float64, stored as float32). A range without
 * extent has the scale 1.
 */
export function scaleAndZeroPoint(
  { min, max }: RealRange,
  { type, ...rule }: RangeRule & { readonly type: IntegerType },
): QuantizationParameters {
  const { low, high } = integerRange(type, rule);
  let from = Math.min(min, 0);
  let to = Math.max(max, 0);
  if (rule.symmetric) {
    to = Math.max(-from, to);
    from = -to;
  }
  const scale = extentOf(Math.fround(from), Math.fround(to)) / (high - low);
  if (!(scale >= leastScale)) return { type, scale: 1, zeroPoint: middleOf(type, rule, low, high) };
  const zeroPoint = rule.symmetric ? roundHalfToEven((low + high) / 2) : roundHalfToEven(low - from / scale);
  return { type, scale: Math.fround(scale), zeroPoint: clamp(zeroPoint, low, high) };
}

/** In float32 where that can hold it: twice the largest number is infinite there. */
function extentOf(from: number, to: number): number {
  const rounded = Math.fround(to - from);
  return Number.isFinite(rounded) ? rounded : to - from;
}

// oxlint-disable-next-line max-params -- one caller
function middleOf(type: IntegerType, { symmetric }: RangeRule, low: number, high: number): number {
  return symmetric && type.startsWith('u') ? roundHalfToEven((low + high) / 2) : 0;
}

/** Integers of a type. */
export type Integers = Uint8Array | Int8Array | Uint16Array | Int16Array;

const arrays = { uint8: Uint8Array, int8: Int8Array, uint16: Uint16Array, int16: Int16Array } as const;

/** An array that holds integers of a type. */
export function integersOf(type: IntegerType, length: number): Integers {
  return new arrays[type](length);
}

/** One real number as QuantizeLinear makes it an integer: divided in float32, rounded half to even, saturated. */
export function quantizeNumber(x: number, { type, scale, zeroPoint }: QuantizationParameters): number {
  const { low, high } = fullRange(type);
  return clamp(roundHalfToEven(Math.fround(Math.fround(x) / scale)) + zeroPoint, low, high);
}

/** Back to a real number, as DequantizeLinear: the product in float32. */
export function dequantizeNumber(q: number, { scale, zeroPoint }: QuantizationParameters): number {
  return Math.fround((q - zeroPoint) * scale);
}
