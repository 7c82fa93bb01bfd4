import { GraphProtoSchema } from 'onnx-buf';
import type { Graph } from '../graph.ts';
import { valuesOf } from '../traverse.ts';
import type { Value } from '../value.ts';
import { writeEntries } from './encode-entries.ts';
import { writeNode } from './encode-node.ts';
import { writeSparseTensor, writeTensor } from './encode-tensor.ts';
import { writeValueInfo } from './encode-value-info.ts';
import type { EncodeContext } from './encode-context.ts';
import { MessageWriter } from './message-writer.ts';

const fields = GraphProtoSchema.field;

/** Writes a GraphProto: copied while everything in it is as it was read. */
export function writeGraph(
  writer: MessageWriter,
  field: { readonly number: number },
  { graph, context }: { readonly graph: Graph; readonly context: EncodeContext },
): void {
  if (graph.origin !== null && !context.isMoved(graph)) writer.copied(field, graph.origin);
  else writer.message(field, encodeGraph(graph, context));
}

function encodeGraph(graph: Graph, context: EncodeContext): MessageWriter {
  const writer = new MessageWriter();
  for (const node of graph.nodes()) writeNode(writer, fields.node, { node, context });
  writer.textIfAny(fields.name, graph.name);
  for (const { name, tensor } of graph.initializers)
    if (tensor?.kind === 'dense') writeTensor(writer, fields.initializer, { tensor, name, context });
  writer.textIfAny(fields.docString, graph.info.docString ?? '');
  for (const value of graph.inputs) writeValueInfo(writer, fields.input, value);
  for (const value of graph.outputs) writeValueInfo(writer, fields.output, value);
  for (const value of describedValues(graph)) writeValueInfo(writer, fields.valueInfo, value);
  for (const { name, tensor } of graph.initializers)
    if (tensor?.kind === 'sparse') writeSparseTensor(writer, fields.sparseInitializer, { tensor, name, context });
  writeEntries(writer, fields.metadataProps, graph.info.metadata ?? []);
  for (const kept of graph.info.unknownFields ?? []) writer.fields(kept);
  return writer;
}

/** Values between a graph's ends that a file says something about. */
export function* describedValues(graph: Graph): Generator<Value, void, undefined> {
  const outputs = new Set(graph.outputs);
  for (const value of valuesOf(graph)) {
    if (value.isInput || outputs.has(value)) continue;
    const { docString, metadata, unknownFields } = value.info;
    if (value.declaredType !== null || docString || metadata?.length || unknownFields) yield value;
  }
}
