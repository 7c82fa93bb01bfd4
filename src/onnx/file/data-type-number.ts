import { TensorProto_DataType } from 'onnx-buf';
import { type DataType, dataTypes } from '../data-type.ts';

const numbers: Readonly<Record<DataType, number>> = {
  float32: TensorProto_DataType.FLOAT,
  uint8: TensorProto_DataType.UINT8,
  int8: TensorProto_DataType.INT8,
  uint16: TensorProto_DataType.UINT16,
  int16: TensorProto_DataType.INT16,
  int32: TensorProto_DataType.INT32,
  int64: TensorProto_DataType.INT64,
  string: TensorProto_DataType.STRING,
  bool: TensorProto_DataType.BOOL,
  float16: TensorProto_DataType.FLOAT16,
  float64: TensorProto_DataType.DOUBLE,
  uint32: TensorProto_DataType.UINT32,
  uint64: TensorProto_DataType.UINT64,
  complex64: TensorProto_DataType.COMPLEX64,
  complex128: TensorProto_DataType.COMPLEX128,
  bfloat16: TensorProto_DataType.BFLOAT16,
  float8e4m3fn: TensorProto_DataType.FLOAT8E4M3FN,
  float8e4m3fnuz: TensorProto_DataType.FLOAT8E4M3FNUZ,
  float8e5m2: TensorProto_DataType.FLOAT8E5M2,
  float8e5m2fnuz: TensorProto_DataType.FLOAT8E5M2FNUZ,
  uint4: TensorProto_DataType.UINT4,
  int4: TensorProto_DataType.INT4,
  float4e2m1: TensorProto_DataType.FLOAT4E2M1,
  float8e8m0: TensorProto_DataType.FLOAT8E8M0,
  uint2: TensorProto_DataType.UINT2,
  int2: TensorProto_DataType.INT2,
};

const typeByNumber: ReadonlyMap<number, DataType> = new Map(dataTypes.map((type) => [numbers[type], type]));

/** The element type that a TensorProto.DataType number stands for; null for 0 (undefined) and for unknown ones. */
export function dataTypeOfNumber(number: number): DataType | null {
  return typeByNumber.get(number) ?? null;
}

/** The TensorProto.DataType number of an element type. */
export function numberOfDataType(type: DataType): number {
  return numbers[type];
}
