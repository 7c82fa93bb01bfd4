import { elementCount } from '../../onnx/dense-tensor.ts';
import type { IntegerType } from './integer-range.ts';
import { fullRange } from './integer-range.ts';
import { clamp, roundHalfToEven } from './rounding.ts';
import type { Integers } from './scale-and-zero-point.ts';
import { integersOf, scaleAndZeroPoint } from './scale-and-zero-point.ts';

/** A weight as integers. Zero points are 0 throughout: integer kernels want them equal, and 0 is the fastest. */
export interface QuantizedWeight {
  readonly type: IntegerType;
  readonly dims: readonly number[];
  readonly data: Integers;
  /** Axis that has a scale an index; null for one scale in all. */
  readonly axis: number | null;
  /** float32: one, or as many as the axis is long. */
  readonly scales: Float32Array;
}

export interface WeightRule {
  /** Signed, for symmetric weights. */
  readonly type: 'int8' | 'int16';
  readonly axis: number | null;
  /** 7 bits, see {@link integerRange}. */
  readonly reduced: boolean;
  /** Smallest scale an index of the axis may have, so that a bias fits into int32 (see `leastWeightScales`). */
  readonly leastScales?: Float32Array | null;
}

/** The lengths before, along and behind an axis of a row-major tensor. */
interface Strides {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/**
 * Quantizes a constant symmetrically: scale = max |w| / 127 (64 for 7 bits) of a whole tensor or of each index of an
 * axis, q = clip(round half to even(w / scale)), divided in float32 (onnxruntime's quant_utils.py, quantize_nparray).
 */
export function quantizeWeight(
  { dims, data }: { readonly dims: readonly number[]; readonly data: Float32Array },
  rule: WeightRule,
): QuantizedWeight {
  const strides = stridesOf(dims, rule.axis);
  const scales = scalesOf(data, strides, rule);
  const quantized = integersOf(rule.type, data.length);
  const { outer, length, inner } = strides;
  const rounding = { source: data, target: quantized, ...fullRange(rule.type) };
  for (let o = 0; o < outer; o++) {
    if (inner === 1) roundRow(rounding, scales, o * length);
    else
      for (let c = 0; c < length; c++)
        roundRun(rounding, scales[c] ?? 1, { from: (o * length + c) * inner, count: inner });
  }
  return { type: rule.type, dims, data: quantized, axis: rule.axis, scales };
}

interface Rounding {
  readonly source: Float32Array;
  readonly target: Integers;
  readonly low: number;
  readonly high: number;
}

// Two tight loops, for a weight may have a hundred million numbers: a loop of one turn around each costs four times as much.

/** A row in which every number has a scale of its own. */
function roundRow({ source, target, low, high }: Rounding, scales: Float32Array, from: number): void {
  for (let c = 0; c < scales.length; c++) {
    const real = source[from + c] ?? 0;
    target[from + c] = clamp(roundHalfToEven(Math.fround(real / (scales[c] ?? 1))), low, high);
  }
}

/** Numbers that share a scale. */
function roundRun(
  { source, target, low, high }: Rounding,
  scale: number,
  { from, count }: { readonly from: number; readonly count: number },
): void {
  for (let at = from; at < from + count; at++)
    target[at] = clamp(roundHalfToEven(Math.fround((source[at] ?? 0) / scale)), low, high);
}

/** The weight that the integers stand for, as DequantizeLinear computes it. */
export function dequantizeWeight({ dims, data, axis, scales }: QuantizedWeight): Float32Array {
  const { outer, length, inner } = stridesOf(dims, axis);
  const real = new Float32Array(data.length);
  for (let o = 0, at = 0; o < outer; o++)
    for (let c = 0; c < length; c++) {
      const scale = scales[c] ?? 1;
      for (const end = at + inner; at < end; at++) real[at] = (data[at] ?? 0) * scale;
    }
  return real;
}

function stridesOf(dims: readonly number[], axis: number | null): Strides {
  if (axis === null) return { outer: 1, length: 1, inner: elementCount(dims) };
  return {
    outer: elementCount(dims.slice(0, axis)),
    length: dims[axis] ?? 1,
    inner: elementCount(dims.slice(axis + 1)),
  };
}

function scalesOf(data: Float32Array, strides: Strides, rule: WeightRule): Float32Array {
  const largest = largestOf(data, strides);
  return largest.map((max, c) => {
    const least = rule.leastScales?.[c] ?? 0;
    // The bias of a channel without weights would be rounded to whole input scales by a scale of 1.
    if (max === 0 && least > 0) return least;
    const { scale } = scaleAndZeroPoint({ min: -max, max }, { ...rule, symmetric: true });
    return Math.max(scale, least);
  });
}

/** The largest magnitude at each index of the axis. */
function largestOf(data: Float32Array, { outer, length, inner }: Strides): Float32Array {
  const largest = new Float32Array(length);
  for (let o = 0; o < outer; o++) {
    if (inner === 1) raiseRow(largest, data, o * length);
    else
      for (let c = 0; c < length; c++) {
        const from = (o * length + c) * inner;
        largest[c] = Math.max(largest[c] ?? 0, largestIn(data, from, from + inner));
      }
  }
  return largest;
}

function raiseRow(largest: Float32Array, data: Float32Array, from: number): void {
  for (let c = 0; c < largest.length; c++) {
    const size = Math.abs(data[from + c] ?? 0);
    if (size > (largest[c] ?? 0)) largest[c] = size;
  }
}

function largestIn(data: Float32Array, from: number, end: number): number {
  let most = 0;
  for (let at = from; at < end; at++) {
    const size = Math.abs(data[at] ?? 0);
    if (size > most) most = size;
  }
  return most;
}
