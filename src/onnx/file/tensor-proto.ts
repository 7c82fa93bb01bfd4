import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { type TensorProto, TensorProto_DataLocation, TensorProto_DataType, TensorProtoSchema } from 'onnx-buf';
import { byteLengthOf, type DataType, type NumericType } from '../data-type.ts';
import {
  arrayLengthOf,
  type DenseTensor,
  elementCount,
  elementsFromBytes,
  type TensorElements,
} from '../dense-tensor.ts';
import { dataTypeOfNumber } from './data-type-number.ts';
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
    refuseOtherMessages(bytes);
    return fromBinary(TensorProtoSchema, bytes);
  } catch (cause) {
    if (cause instanceof TensorProtoError) throw cause;
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new TensorProtoError('malformed', `not an ONNX tensor: ${problem}`, offsetOfBadField(bytes));
  }
}

/**
 * The onnx package stores other values in the same files. They show by their second or third field, which are messages
 * (`SparseTensorProto.indices`, `SequenceProto.tensor_values`) where a tensor has its type and, long deprecated, segment.
 */
function refuseOtherMessages(bytes: Uint8Array): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (wireType === WireType.LengthDelimited && field === 2) {
      throw new TensorProtoError('unsupported', 'a sparse tensor; dense ones are read');
    }
    if (wireType === WireType.LengthDelimited && field === 3) {
      throw new TensorProtoError(
        'unsupported',
        'a sequence, an optional value or a tensor in segments; whole tensors are read',
      );
    }
    reader.skip(wireType, field);
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

function dataTypeOf(number: number): DataType {
  const type = dataTypeOfNumber(number);
  if (type !== null) return type;
  if (number === TensorProto_DataType.UNDEFINED) throw new TensorProtoError('malformed', 'the tensor has no data type');
  throw new TensorProtoError('unsupported', `element type number ${number} is not known`);
}

function elementsOf(proto: TensorProto, type: DataType, count: number): TensorElements {
  const data = type === 'string' ? stringsOf(proto) : numbersOf(proto, type);
  const wanted = arrayLengthOf(type, count);
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

function numbersOf(proto: TensorProto, type: NumericType): TensorElements {
  if (proto.rawData.length === 0) return typedFieldOf(proto, type);
  if (proto.rawData.length % byteLengthOf(type, 1) !== 0) {
    throw new TensorProtoError('malformed', `${proto.rawData.length} bytes are no whole number of ${type} values`);
  }
  return elementsFromBytes(type, proto.rawData);
}

/** Which field holds which type: the comments on TensorProto's data fields in onnx.proto. */
function typedFieldOf(proto: TensorProto, type: NumericType): TensorElements {
  switch (type) {
    case 'float32':
    case 'complex64':
      return Float32Array.from(proto.floatData);
    case 'float64':
    case 'complex128':
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
    case 'bfloat16':
      return Uint16Array.from(proto.int32Data);
    default:
      return Uint8Array.from(proto.int32Data);
  }
}
