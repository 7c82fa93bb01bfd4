import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';

/** A tensor of doubles, row-major: whole numbers and truth values are doubles too. */
export interface NdArray {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

export function fromDense(tensor: DenseTensor): NdArray {
  return { dims: tensor.dims, data: Float64Array.from(numbersOf(tensor)) };
}

/** Every index of a shape in row-major order. The array is the same each time: not to be kept. */
export function* indicesOf(dims: readonly number[]): Generator<readonly number[], void, undefined> {
  const count = elementCount(dims);
  const index = dims.map(() => 0);
  for (let done = 0; done < count; done++) {
    yield index;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      index[axis] = next === dims[axis] ? 0 : next;
      if (index[axis] !== 0) break;
    }
  }
}

/** An array of a shape whose element at each index is told. */
export function fill(dims: readonly number[], element: (index: readonly number[]) => number): NdArray {
  const data = new Float64Array(elementCount(dims));
  let offset = 0;
  for (const index of indicesOf(dims)) data[offset++] = element(index);
  return { dims: [...dims], data };
}

/** The element at an index. Throws RangeError outside. */
export function at({ dims, data }: NdArray, index: readonly number[]): number {
  let offset = 0;
  for (let axis = 0; axis < dims.length; axis++) {
    const [i = -1, length = 0] = [index[axis], dims[axis]];
    if (i < 0 || i >= length) throw new RangeError(`[${index.join()}] is outside of [${dims.join()}]`);
    offset = offset * length + i;
  }
  return data[offset] ?? Number.NaN;
}

/** The element that stands at an index of a shape it is broadcast to. */
export function broadcastAt(x: NdArray, index: readonly number[]): number {
  const extra = index.length - x.dims.length;
  return at(
    x,
    x.dims.map((dim, axis) => (dim === 1 ? 0 : (index[axis + extra] ?? 0))),
  );
}

/** numpy's broadcasting of any number of shapes. */
export function broadcastShape(shapes: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(...shapes.map(({ length }) => length));
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = shapes.map((dims) => dims[axis - rank + dims.length] ?? 1).filter((length) => length !== 1);
    if (new Set(lengths).size > 1) throw new RangeError('the shapes do not broadcast');
    return lengths[0] ?? 1;
  });
}

/** An axis that may be counted from the end. */
export function axisOf(axis: number, { dims }: NdArray): number {
  return axis < 0 ? axis + dims.length : axis;
}

/** One element of an array, by its place in memory. */
export function element(data: Float64Array, offset: number): number {
  return data[offset] ?? Number.NaN;
}
