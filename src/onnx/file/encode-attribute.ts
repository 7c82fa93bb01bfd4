import { AttributeProto_AttributeType, AttributeProtoSchema } from 'onnx-buf';
import type { Attribute } from '../attribute.ts';
import type { ValueType } from '../value-type.ts';
import { writeSparseTensor, writeTensor } from './encode-tensor.ts';
import { encodeType } from './encode-value-info.ts';
import type { EncodeContext } from './encode-context.ts';
import { MessageWriter } from './message-writer.ts';

const fields = AttributeProtoSchema.field;

const kindNumbers: Readonly<Record<Exclude<Attribute['kind'], 'reference'>, number>> = {
  float: AttributeProto_AttributeType.FLOAT,
  int: AttributeProto_AttributeType.INT,
  string: AttributeProto_AttributeType.STRING,
  tensor: AttributeProto_AttributeType.TENSOR,
  graph: AttributeProto_AttributeType.GRAPH,
  floats: AttributeProto_AttributeType.FLOATS,
  ints: AttributeProto_AttributeType.INTS,
  strings: AttributeProto_AttributeType.STRINGS,
  tensors: AttributeProto_AttributeType.TENSORS,
  graphs: AttributeProto_AttributeType.GRAPHS,
  'sparse-tensor': AttributeProto_AttributeType.SPARSE_TENSOR,
  'sparse-tensors': AttributeProto_AttributeType.SPARSE_TENSORS,
  type: AttributeProto_AttributeType.TYPE_PROTO,
  types: AttributeProto_AttributeType.TYPE_PROTOS,
};

/** An AttributeProto, in the order of its field numbers: most kinds of values come before `type`, some behind it. */
export function encodeAttribute(attribute: Attribute, context: EncodeContext): MessageWriter {
  const writer = new MessageWriter();
  writer.text(fields.name, attribute.name);
  writeNumbers(writer, attribute);
  writeMessages(writer, attribute, context);
  writer.textIfAny(fields.docString, attribute.docString ?? '');
  writeTypes(writer, attribute);
  writer.int(fields.type, attribute.kind === 'reference' ? attribute.type : kindNumbers[attribute.kind]);
  if (attribute.kind === 'reference') writer.text(fields.refAttrName, attribute.value);
  writeSparse(writer, attribute, context);
  if (attribute.unknownFields !== undefined) writer.fields(attribute.unknownFields);
  return writer;
}

function writeNumbers(writer: MessageWriter, attribute: Attribute): void {
  switch (attribute.kind) {
    case 'float':
      writer.float(fields.f, attribute.value);
      break;
    case 'int':
      writer.int(fields.i, attribute.value);
      break;
    case 'string':
      writer.bytes(fields.s, attribute.value);
      break;
    case 'floats':
      for (const value of attribute.value) writer.float(fields.floats, value);
      break;
    case 'ints':
      for (const value of attribute.value) writer.int(fields.ints, value);
      break;
    case 'strings':
      for (const value of attribute.value) writer.bytes(fields.strings, value);
      break;
    default:
      break;
  }
}

function writeMessages(writer: MessageWriter, attribute: Attribute, context: EncodeContext): void {
  switch (attribute.kind) {
    case 'tensor':
      writeTensor(writer, fields.t, { tensor: attribute.value, name: attribute.value.name, context });
      break;
    case 'graph':
      context.writeGraph(writer, fields.g, attribute.value);
      break;
    case 'tensors':
      for (const tensor of attribute.value) writeTensor(writer, fields.tensors, { tensor, name: tensor.name, context });
      break;
    case 'graphs':
      for (const graph of attribute.value) context.writeGraph(writer, fields.graphs, graph);
      break;
    default:
      break;
  }
}

function writeTypes(writer: MessageWriter, attribute: Attribute): void {
  if (attribute.kind === 'type') writeType(writer, fields.tp, attribute);
  if (attribute.kind === 'types') for (const type of attribute.value) writeType(writer, fields.typeProtos, type);
}

function writeType(
  writer: MessageWriter,
  field: { readonly number: number },
  { value, raw }: { readonly value: ValueType; readonly raw: Uint8Array | null },
): void {
  if (raw === null) writer.message(field, encodeType(value));
  else writer.bytes(field, raw);
}

function writeSparse(writer: MessageWriter, attribute: Attribute, context: EncodeContext): void {
  const tensors =
    attribute.kind === 'sparse-tensor' ? [attribute.value] : attribute.kind === 'sparse-tensors' ? attribute.value : [];
  const field = attribute.kind === 'sparse-tensor' ? fields.sparseTensor : fields.sparseTensors;
  for (const tensor of tensors) writeSparseTensor(writer, field, { tensor, name: tensor.values.name, context });
}
