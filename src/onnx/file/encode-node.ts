import { NodeProtoSchema } from 'onnx-buf';
import type { Node } from '../node.ts';
import { encodeAttribute } from './encode-attribute.ts';
import { writeEntries } from './encode-entries.ts';
import type { EncodeContext } from './encode-context.ts';
import { MessageWriter } from './message-writer.ts';

const fields = NodeProtoSchema.field;

/** Writes a NodeProto: copied while everything in it is as it was read. */
export function writeNode(
  writer: MessageWriter,
  field: { readonly number: number },
  { node, context }: { readonly node: Node; readonly context: EncodeContext },
): void {
  if (node.origin !== null && !context.isMoved(node)) writer.copied(field, node.origin);
  else writer.message(field, encodeNode(node, context));
}

function encodeNode(node: Node, context: EncodeContext): MessageWriter {
  const writer = new MessageWriter();
  const { info } = node;
  for (const value of node.inputs) writer.text(fields.input, value?.name ?? '');
  for (const value of node.outputs) writer.text(fields.output, value?.name ?? '');
  writer.textIfAny(fields.name, node.name);
  writer.textIfAny(fields.opType, node.op);
  for (const attribute of node.attributes.values())
    writer.message(fields.attribute, encodeAttribute(attribute, context));
  writer.textIfAny(fields.docString, info.docString ?? '');
  writer.textIfAny(fields.domain, node.domain);
  writer.textIfAny(fields.overload, info.overload ?? '');
  writeEntries(writer, fields.metadataProps, info.metadata ?? []);
  if (info.unknownFields) writer.fields(info.unknownFields);
  return writer;
}
