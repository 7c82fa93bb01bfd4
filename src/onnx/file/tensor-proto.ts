import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { type TensorProto, TensorProto_DataLocation, TensorProto_DataType, TensorProtoSchema } from 'onnx-buf';
import { byteLengthOf, type DataType } from '../data-type.ts';
import { type DenseTensor, elementCount, elementsFromBytes, type TensorElements } from '../dense-tensor.ts';
import { TensorProtoError } from './tensor-proto-error.ts';

/**
 * The tensor in a file that holds one serialized TensorProto, as ONNX's backend tests store inputs and outputs
 * (`input_0.pb`). Reads raw and typed data alike.
 * @throws TensorProtoError for bytes that are no such message, contradict themselves, or keep their data elsewhere.
 */
export function decodeTensorProto(bytes: Uint8Array): { readonly name: string; readonly tensor: DenseTensor } {
  const proto = parse(bytes);
  if (proto.dataLocation === TensorProto_DataLocation.EXTERNAL || proto.externalData.length > 0) {
    throw new TensorProtoError('unsupported', 'the tensor keeps its data in another file');
  }
  if (proto.segment) throw new TensorProtoError('unsupported', 'the tensor is stored in segments');
  const type = dataTypeOf(proto.dataType);
  const dims = proto.dims.map(Number);
  const count = elementCount(dims);
  if (dims.some((dim) => dim < 0) || !Number.isSafeInteger(count)) {
    throw new TensorProtoError('malformed', `the shape [${dims.join(', ')}] is not possible`);
  }
  return { name: proto.name, tensor: { type, dims, data: elementsOf(proto, type, count) } };
}

function parse(bytes: Uint8Array): TensorProto {
  try {
    return fromBinary(TensorProtoSchema, bytes);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new TensorProtoError('malformed', `not an ONNX tensor: ${problem}`, offsetOfBadField(bytes));
  }
}

/** Start of the first field that cannot be walked over. */
function offsetOfBadField(bytes: Uint8Array): number | null {
  const reader = new BinaryReader(bytes);
  let start = 0;
  try {
    while (reader.pos < reader.len) {
      start = reader.pos;
      const [field, wireType] = reader.tag();
      reader.skip(wireType, field);
    }
    return null;
  } catch {
    return start;
  }
}

const dataTypeByNumber: ReadonlyMap<number, DataType> = new Map([
  [TensorProto_DataType.FLOAT, 'float32'],
  [TensorProto_DataType.UINT8, 'uint8'],
  [TensorProto_DataType.INT8, 'int8'],
  [TensorProto_DataType.UINT16, 'uint16'],
  [TensorProto_DataType.INT16, 'int16'],
  [TensorProto_DataType.INT32, 'int32'],
  [TensorProto_DataType.INT64, 'int64'],
  [TensorProto_DataType.STRING, 'string'],
  [TensorProto_DataType.BOOL, 'bool'],
  [TensorProto_DataType.FLOAT16, 'float16'],
  [TensorProto_DataType.DOUBLE, 'float64'],
  [TensorProto_DataType.UINT32, 'uint32'],
  [TensorProto_DataType.UINT64, 'uint64'],
  [TensorProto_DataType.UINT4, 'uint4'],
  [TensorProto_DataType.INT4, 'int4'],
]);

function dataTypeOf(number: number): DataType {
  const type = dataTypeByNumber.get(number);
  if (type !== undefined) return type;
  if (number === TensorProto_DataType.UNDEFINED) throw new TensorProtoError('malformed', 'the tensor has no data type');
  throw new TensorProtoError(
    'unsupported',
    `element type ${TensorProto_DataType[number] ?? `number ${number}`} is not read`,
  );
}

function elementsOf(proto: TensorProto, type: DataType, count: number): TensorElements {
  const data = type === 'string' ? stringsOf(proto) : numbersOf(proto, type);
  const wanted = type === 'int4' || type === 'uint4' ? byteLengthOf(type, count) : count;
  if (data.length !== wanted) {
    throw new TensorProtoError('malformed', `the shape asks for ${wanted} values of ${type}, ${data.length} are there`);
  }
  return data;
}

function stringsOf(proto: TensorProto): readonly string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    return proto.stringData.map((bytes) => decoder.decode(bytes));
  } catch {
    throw new TensorProtoError('malformed', 'a string is not UTF-8');
  }
}

function numbersOf(proto: TensorProto, type: Exclude<DataType, 'string'>): TensorElements {
  if (proto.rawData.length === 0) return typedFieldOf(proto, type);
  if (proto.rawData.length % byteLengthOf(type, 1) !== 0) {
    throw new TensorProtoError('malformed', `${proto.rawData.length} bytes are no whole number of ${type} values`);
  }
  return elementsFromBytes(type, proto.rawData);
}

/** Which field holds which type: the comments on TensorProto's data fields in onnx.proto. */
function typedFieldOf(proto: TensorProto, type: Exclude<DataType, 'string'>): TensorElements {
  switch (type) {
    case 'float32':
      return Float32Array.from(proto.floatData);
    case 'float64':
      return Float64Array.from(proto.doubleData);
    case 'int64':
      return BigInt64Array.from(proto.int64Data);
    case 'uint64':
      return BigUint64Array.from(proto.uint64Data);
    case 'uint32':
      return Uint32Array.from(proto.uint64Data, Number);
    case 'int32':
      return Int32Array.from(proto.int32Data);
    case 'int16':
      return Int16Array.from(proto.int32Data);
    case 'int8':
      return Int8Array.from(proto.int32Data);
    case 'uint16':
    case 'float16':
      return Uint16Array.from(proto.int32Data);
    default:
      return Uint8Array.from(proto.int32Data);
  }
}
