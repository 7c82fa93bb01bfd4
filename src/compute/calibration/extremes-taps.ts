import type { DenseTensor } from '../../onnx/dense-tensor.ts';
import { numberOfDataType } from '../../onnx/file/data-type-number.ts';
import type { Value } from '../../onnx/value.ts';
import type { Tap } from './tap-model.ts';

/** What one run says about a value. */
export interface Extremes {
  /** Infinity where there are no elements. */
  readonly min: number;
  /** -Infinity where there are no elements. */
  readonly max: number;
  readonly isFinite: boolean;
  readonly elements: number;
}

const toDouble = { attributes: { to: numberOfDataType('float64') } };

/** Measures a value's extremes, whether it is finite and how many elements it has: float64 [4]. */
export function extremesTap({ floats, writer }: Tap): Value {
  const g = writer.builder;
  // The same memory as one axis. Reductions of no elements are ±Infinity and 0 in onnxruntime then, for any shape.
  const flat = g.op('Reshape', [floats, writer.longs([-1])]);
  const measures = [
    g.op('ReduceMin', [flat]),
    g.op('ReduceMax', [flat]),
    // NaN as soon as one element is NaN or infinite, which ReduceMin and ReduceMax do not tell of NaN.
    g.op('ReduceSum', [g.op('Sub', [flat, flat])]),
  ];
  const numbers = g.op('Cast', [g.op('Concat', measures, { attributes: { axis: 0 } })], toDouble);
  const elements = g.op('Cast', [g.op('Shape', [flat])], toDouble);
  return g.op('Concat', [numbers, elements], { attributes: { axis: 0 }, as: 'extremes' });
}

export function readExtremes({ data }: DenseTensor): Extremes {
  const [min = Infinity, max = -Infinity, check = 0, elements = 0] = Array.from<unknown, number>(data, Number);
  return { min, max, isFinite: check === 0, elements };
}
