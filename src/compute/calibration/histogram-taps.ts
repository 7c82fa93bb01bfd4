import type { DenseTensor } from '../../onnx/dense-tensor.ts';
import { numberOfDataType } from '../../onnx/file/data-type-number.ts';
import { Tensor } from '../../onnx/tensor.ts';
import type { Value } from '../../onnx/value.ts';
import type { Histogram } from './statistics.ts';
import { binCount } from './statistics.ts';
import type { Tap } from './tap-model.ts';

const toInt32 = { attributes: { to: numberOfDataType('int32') } };
const filledWith = (number: number) => ({
  attributes: { value: Tensor.fromDense({ type: 'int32', dims: [1], data: Int32Array.of(number) }) },
});

/**
 * Counts a value's elements in bins over a range: int32 [2048]. Of the ways to count with standard operators this is
 * the quickest by far: 6 to 10 ms for a million elements on one core, where TfIdfVectorizer takes 21, Unique 96, and
 * a loop in JavaScript 10 after the elements have crossed to this process. ScatterElements runs on one thread, so that
 * no count is lost.
 */
export function histogramTap({ floats, writer }: Tap, range: Pick<Histogram, 'low' | 'high'>): Value {
  const g = writer.builder;
  const { scale, offset } = binOf(range);
  const flat = g.op('Reshape', [floats, writer.longs([-1])]);
  const scaled = g.op('Mul', [flat, writer.scalar(scale).value]);
  const places = offset === 0 ? scaled : g.op('Sub', [scaled, writer.scalar(offset).value]);
  // Limited as integers: whatever NaN becomes, it is no index that ends the run.
  const bins = g.op('Clip', [
    g.op('Cast', [places], toInt32),
    writer.scalar(0, 'int32').value,
    writer.scalar(binCount - 1, 'int32').value,
  ]);
  const ones = g.op('ConstantOfShape', [g.op('Shape', [bins])], filledWith(1));
  const zeros = g.op('ConstantOfShape', [writer.longs([binCount])], filledWith(0));
  return g.op('ScatterElements', [zeros, bins, ones], { attributes: { axis: 0, reduction: 'add' }, as: 'counts' });
}

/** The bin of x is the whole part of x · scale - offset, all in float32; scaled first, so that nothing overflows. */
function binOf({ low, high }: Pick<Histogram, 'low' | 'high'>): {
  readonly scale: number;
  readonly offset: number;
} {
  const scale = Math.fround(binCount / (high - low));
  if (!Number.isFinite(scale)) return { scale: 0, offset: 0 };
  return { scale, offset: Math.fround(Math.fround(low) * scale) };
}

/** Adds the counts of one run; returns how many elements those are. */
export function addCounts({ data }: DenseTensor, counts: Float64Array): number {
  let elements = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = Number(data[i]);
    counts[i] = (counts[i] ?? 0) + count;
    elements += count;
  }
  return elements;
}
