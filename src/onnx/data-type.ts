/** Element types of ONNX tensors to opset 25, by the names numpy, ml_dtypes and onnxruntime use. */
export const dataTypes = [
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
  'float8e8m0',
  'uint2',
  'int2',
] as const;

export type DataType = (typeof dataTypes)[number];

/** Element types that hold numbers: all but strings. */
export type NumericType = Exclude<DataType, 'string'>;

const bitsPerElement: Readonly<Record<DataType, number>> = {
  float32: 32,
  uint8: 8,
  int8: 8,
  uint16: 16,
  int16: 16,
  int32: 32,
  int64: 64,
  string: 0,
  bool: 8,
  float16: 16,
  float64: 64,
  uint32: 32,
  uint64: 64,
  complex64: 64,
  complex128: 128,
  bfloat16: 16,
  float8e4m3fn: 8,
  float8e4m3fnuz: 8,
  float8e5m2: 8,
  float8e5m2fnuz: 8,
  uint4: 4,
  int4: 4,
  float4e2m1: 4,
  float8e8m0: 8,
  uint2: 2,
  int2: 2,
};

/** Bits of one element; 0 for strings, whose elements have no fixed size. */
export function bitsOf(type: DataType): number {
  return bitsPerElement[type];
}

/** Bytes that `count` elements take; sub-byte types are packed, strings count as 0. */
export function byteLengthOf(type: DataType, count: number): number {
  return Math.ceil((bitsPerElement[type] * count) / 8);
}

export function isFloatType(type: DataType): boolean {
  return type.startsWith('float') || type === 'bfloat16';
}

export function isComplexType(type: DataType): boolean {
  return type === 'complex64' || type === 'complex128';
}

export function isIntegerType(type: DataType): boolean {
  return type !== 'string' && type !== 'bool' && !isFloatType(type) && !isComplexType(type);
}

/** Elements smaller than a byte: packed, the first one in the lowest bits. */
export function isPackedType(type: DataType): boolean {
  return bitsPerElement[type] > 0 && bitsPerElement[type] < 8;
}
