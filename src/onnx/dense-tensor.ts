import type { DataType } from './data-type.ts';

/**
 * Elements in memory, row-major. float16 is carried as raw bits in a Uint16Array, bool as one byte an element,
 * int4 and uint4 packed two to a byte (low nibble first), strings as strings.
 */
export type TensorElements = NumericElements | readonly string[];

/** Elements of every type but strings. */
export type NumericElements =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

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

const elementArrays = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
  int4: Uint8Array,
  uint4: Uint8Array,
} as const;

/** Elements over a copy of little-endian bytes. Every platform onnxruntime runs on is little-endian too. */
export function elementsFromBytes(type: Exclude<DataType, 'string'>, bytes: Uint8Array): NumericElements {
  // A copy: the bytes may lie at an offset that is no multiple of the element's size.
  return new elementArrays[type](new Uint8Array(bytes).buffer);
}
