import { FunctionProtoSchema } from 'onnx-buf';
import type { FunctionDefinition } from '../function-definition.ts';
import { encodeAttribute } from './encode-attribute.ts';
import { writeEntries, writeOpsets } from './encode-entries.ts';
import { describedValues } from './encode-graph.ts';
import { writeNode } from './encode-node.ts';
import { writeValueInfo } from './encode-value-info.ts';
import type { EncodeContext } from './encode-context.ts';
import { MessageWriter } from './message-writer.ts';

const fields = FunctionProtoSchema.field;

/** Writes a FunctionProto: copied while everything in it is as it was read. */
export function writeFunction(
  writer: MessageWriter,
  field: { readonly number: number },
  { definition, context }: { readonly definition: FunctionDefinition; readonly context: EncodeContext },
): void {
  const { origin, body } = definition;
  if (origin !== null && body.origin !== null && !context.isMoved(definition)) writer.copied(field, origin);
  else writer.message(field, encodeFunction(definition, context));
}

function encodeFunction(definition: FunctionDefinition, context: EncodeContext): MessageWriter {
  const writer = new MessageWriter();
  const { body } = definition;
  writer.text(fields.name, definition.name);
  for (const { name } of body.inputs) writer.text(fields.input, name);
  for (const { name } of body.outputs) writer.text(fields.output, name);
  for (const name of definition.attributes) writer.text(fields.attribute, name);
  for (const node of body.nodes()) writeNode(writer, fields.node, { node, context });
  writer.textIfAny(fields.docString, definition.docString);
  writeOpsets(writer, fields.opsetImport, definition.opsets);
  writer.textIfAny(fields.domain, definition.domain);
  for (const attribute of definition.attributeDefaults)
    writer.message(fields.attributeProto, encodeAttribute(attribute, context));
  for (const value of declaredEnds(definition)) writeValueInfo(writer, fields.valueInfo, value);
  for (const value of describedValues(body)) writeValueInfo(writer, fields.valueInfo, value);
  writer.textIfAny(fields.overload, definition.overload);
  writeEntries(writer, fields.metadataProps, definition.metadata);
  if (definition.unknownFields !== null) writer.fields(definition.unknownFields);
  for (const kept of body.info.unknownFields ?? []) writer.fields(kept);
  return writer;
}

/** A function lists its inputs and outputs by name; what they are declared to be stands beside the other values. */
function declaredEnds({ body }: FunctionDefinition) {
  return [...new Set([...body.inputs, ...body.outputs])].filter(({ declaredType }) => declaredType !== null);
}
