import { byteLengthOf, type DataType, isComplexType, isPackedType, type NumericType } from './data-type.ts';

/**
 * Elements in memory, row-major. float16 and bfloat16 are carried as raw bits in a Uint16Array, 8-bit floats in a
 * Uint8Array, bool as one byte an element, sub-byte types packed in bytes (first element in the lowest bits), complex
 * numbers as pairs of real and imaginary part, strings as strings.
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

/** Length of the array that carries so many elements: packed ones share bytes, complex ones take two numbers. */
export function arrayLengthOf(type: DataType, count: number): number {
  if (isPackedType(type)) return byteLengthOf(type, count);
  return isComplexType(type) ? 2 * count : count;
}

const elementArrays = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  complex64: Float32Array,
  complex128: Float64Array,
  bool: Uint8Array,
  float8e4m3fn: Uint8Array,
  float8e4m3fnuz: Uint8Array,
  float8e5m2: Uint8Array,
  float8e5m2fnuz: Uint8Array,
  float8e8m0: Uint8Array,
  float4e2m1: Uint8Array,
  int4: Uint8Array,
  uint4: Uint8Array,
  int2: Uint8Array,
  uint2: Uint8Array,
} as const;

/** Elements over a copy of little-endian bytes. Every platform onnxruntime runs on is little-endian too. */
export function elementsFromBytes(type: NumericType, bytes: Uint8Array): NumericElements {
  // A copy: the bytes may lie at an offset that is no multiple of the element's size.
  return new elementArrays[type](new Uint8Array(bytes).buffer);
}

/** Elements over a whole buffer of little-endian bytes, without a copy. */
export function elementsOver(type: NumericType, buffer: ArrayBuffer): NumericElements {
  return new elementArrays[type](buffer);
}

/** The little-endian bytes of elements, without a copy. */
export function bytesOfElements(elements: NumericElements): Uint8Array {
  return new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
}
