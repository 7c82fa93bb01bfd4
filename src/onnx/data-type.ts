/** Element types of ONNX tensors, by the names numpy and onnxruntime use. */
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
  'uint4',
  'int4',
] as const;

export type DataType = (typeof dataTypes)[number];

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
  uint4: 4,
  int4: 4,
};

/** Bytes that `count` elements take; sub-byte types are packed, strings count as 0. */
export function byteLengthOf(type: DataType, count: number): number {
  return Math.ceil((bitsPerElement[type] * count) / 8);
}

export function isFloatType(type: DataType): boolean {
  return type === 'float32' || type === 'float16' || type === 'float64';
}

export function isIntegerType(type: DataType): boolean {
  return type !== 'string' && type !== 'bool' && !isFloatType(type);
}
