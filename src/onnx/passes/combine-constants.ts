import type { Tensor } from '../tensor.ts';
import { floatsOf } from './float-constant.ts';

/** Two float constants combined element by element, with numpy's broadcasting. */
export interface Combined {
  readonly dims: readonly number[];
  readonly values: Float64Array;
}

/** Null where the shapes do not fit together, or where the result is larger than both. */
export function combineConstants(
  left: Tensor,
  right: Tensor,
  combine: (left: number, right: number) => number,
): Combined | null {
  const dims = broadcastDims(left.dims, right.dims);
  const count = dims?.reduce((product, dim) => product * dim, 1) ?? Infinity;
  if (dims === null || count > Math.max(left.elementCount, right.elementCount)) return null;
  const [a, b] = [floatsOf(left), floatsOf(right)];
  const [toLeft, toRight] = [indexInto(left.dims, dims), indexInto(right.dims, dims)];
  const values = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    values[index] = combine(a[toLeft(index)] ?? NaN, b[toRight(index)] ?? NaN);
  }
  return { dims, values };
}

function broadcastDims(left: readonly number[], right: readonly number[]): readonly number[] | null {
  const rank = Math.max(left.length, right.length);
  const dims: number[] = [];
  for (let axis = rank; axis > 0; axis--) {
    const [first, second] = [left[left.length - axis] ?? 1, right[right.length - axis] ?? 1];
    if (first !== second && first !== 1 && second !== 1) return null;
    dims.push(first === 1 ? second : first);
  }
  return dims;
}

/** Where an element of the result finds its term in a smaller constant. */
function indexInto(own: readonly number[], dims: readonly number[]): (index: number) => number {
  const missing = dims.length - own.length;
  const isWhole = dims.every((dim, axis) => axis >= missing && own[axis - missing] === dim);
  if (isWhole) return (index) => index;
  return (index) => {
    let [rest, at, stride] = [index, 0, 1];
    for (let axis = dims.length - 1; axis >= missing; axis--) {
      const [dim, length] = [dims[axis] ?? 1, own[axis - missing] ?? 1];
      if (length !== 1) at += (rest % dim) * stride;
      rest = Math.floor(rest / dim);
      stride *= length;
    }
    return at;
  };
}
