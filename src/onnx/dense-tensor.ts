import type { DataType } from './data-type.ts';

/**
 * Elements in memory, row-major. float16 is carried as raw bits in a Uint16Array, bool as one byte an element,
 * int4 and uint4 packed two to a byte (low nibble first), strings as strings.
 */
export type TensorElements =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | readonly string[];

/** A whole tensor in memory: what a model is fed and what it returns. */
export interface DenseTensor {
  readonly type: DataType;
  /** Axis lengths; `[]` is a scalar. */
  readonly dims: readonly number[];
  readonly data: TensorElements;
}

/** Tensors by input or output name. */
export type NamedTensors = Readonly<Record<string, DenseTensor>>;

/** Number of elements of a shape: the product of its axes, 1 for a scalar. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
