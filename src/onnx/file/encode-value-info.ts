import {
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_MapSchema,
  TypeProto_OptionalSchema,
  TypeProto_SequenceSchema,
  TypeProto_SparseTensorSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import type { DataType } from '../data-type.ts';
import type { Value } from '../value.ts';
import type { Shape, ValueType } from '../value-type.ts';
import { numberOfDataType } from './data-type-number.ts';
import { writeEntries } from './encode-entries.ts';
import { MessageWriter } from './message-writer.ts';

interface Field {
  readonly number: number;
}

/** Writes a value's ValueInfoProto: copied while it is as it was read. */
export function writeValueInfo(writer: MessageWriter, field: Field, value: Value): void {
  if (value.infoOrigin === null) writer.message(field, encodeValueInfo(value));
  else writer.copied(field, value.infoOrigin);
}

function encodeValueInfo({ name, type, info }: Value): MessageWriter {
  const writer = new MessageWriter();
  const fields = ValueInfoProtoSchema.field;
  writer.text(fields.name, name);
  if (type !== null && info.rawType?.type === type) writer.bytes(fields.type, info.rawType.bytes);
  else if (type !== null) writer.message(fields.type, encodeType(type));
  writer.textIfAny(fields.docString, info.docString ?? '');
  writeEntries(writer, fields.metadataProps, info.metadata ?? []);
  if (info.unknownFields) writer.fields(info.unknownFields);
  return writer;
}

/** A TypeProto. An opaque type has no content to write but what was read, which the caller keeps. */
export function encodeType(type: ValueType): MessageWriter {
  const writer = new MessageWriter();
  const fields = TypeProtoSchema.field;
  switch (type.kind) {
    case 'tensor':
      writer.message(fields.tensorType, encodeTensorType(type, TypeProto_TensorSchema.field));
      break;
    case 'sparse-tensor':
      writer.message(fields.sparseTensorType, encodeTensorType(type, TypeProto_SparseTensorSchema.field));
      break;
    case 'sequence':
      writer.message(fields.sequenceType, encodeElementType(type.element, TypeProto_SequenceSchema.field.elemType));
      break;
    case 'optional':
      writer.message(fields.optionalType, encodeElementType(type.element, TypeProto_OptionalSchema.field.elemType));
      break;
    case 'map':
      writer.message(fields.mapType, encodeMapType(type.keyType, type.element));
      break;
    case 'opaque':
      break;
  }
  return writer;
}

function encodeTensorType(
  { elementType, shape }: { readonly elementType: DataType | null; readonly shape: Shape },
  fields: { readonly elemType: Field; readonly shape: Field },
): MessageWriter {
  const writer = new MessageWriter();
  if (elementType !== null) writer.int(fields.elemType, numberOfDataType(elementType));
  if (shape === null) return writer;
  const dims = new MessageWriter();
  for (const dim of shape) {
    const dimension = new MessageWriter();
    if (typeof dim === 'number') dimension.int(TensorShapeProto_DimensionSchema.field.dimValue, dim);
    if (typeof dim === 'string') dimension.text(TensorShapeProto_DimensionSchema.field.dimParam, dim);
    dims.message(TensorShapeProtoSchema.field.dim, dimension);
  }
  writer.message(fields.shape, dims);
  return writer;
}

function encodeElementType(element: ValueType | null, field: Field): MessageWriter {
  const writer = new MessageWriter();
  if (element !== null) writer.message(field, encodeType(element));
  return writer;
}

function encodeMapType(keyType: DataType | null, element: ValueType | null): MessageWriter {
  const writer = new MessageWriter();
  if (keyType !== null) writer.int(TypeProto_MapSchema.field.keyType, numberOfDataType(keyType));
  if (element !== null) writer.message(TypeProto_MapSchema.field.valueType, encodeType(element));
  return writer;
}
