import { elementCount } from '../../onnx/dense-tensor.ts';

/** A constant of float32 in memory. */
export interface FloatArray {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** The largest |x| at each index of an axis. */
export function maximaAlong(constant: FloatArray, axis: number): Float64Array {
  const maxima = new Float64Array(constant.dims[axis] ?? 1);
  eachAlong(constant, axis, (index, run) => {
    let most = maxima[index] ?? 0;
    for (const x of run) if (Math.abs(x) > most) most = Math.abs(x);
    maxima[index] = most;
  });
  return maxima;
}

/** A copy of which everything at an index of an axis is multiplied by that index's factor. */
export function multipliedAlong({ dims, data }: FloatArray, axis: number, factors: ArrayLike<number>): FloatArray {
  const copy = { dims, data: data.slice() };
  eachAlong(copy, axis, (index, run) => {
    const factor = factors[index] ?? 1;
    for (let i = 0; i < run.length; i++) run[i] = (run[i] ?? 0) * factor;
  });
  return copy;
}

/** Visits what lies side by side at one index of an axis. */
function eachAlong({ dims, data }: FloatArray, axis: number, visit: (index: number, run: Float32Array) => void): void {
  const length = dims[axis] ?? 1;
  const inner = elementCount(dims.slice(axis + 1));
  if (inner === 0) return;
  for (let from = 0, index = 0; from < data.length; from += inner, index = (index + 1) % length)
    visit(index, data.subarray(from, from + inner));
}

/** A constant that has one number a channel, or one for all, along the last axis; null for others. */
export function rowAlong({ dims, data }: FloatArray, channels: number): FloatArray | null {
  if (data.length === channels && dims.at(-1) === channels) return { dims, data };
  // More axes of length 1 would be more axes of the result.
  if (data.length !== 1 || dims.length > 1) return null;
  return { dims: [channels], data: new Float32Array(channels).fill(data[0] ?? 0) };
}
