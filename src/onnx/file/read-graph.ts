import { GraphProtoSchema, TensorAnnotationSchema } from 'onnx-buf';
import type { Graph } from '../graph.ts';
import type { GraphInfo } from '../graph-spec.ts';
import type { AttributeReading } from './attribute-values.ts';
import { keepChecked } from './check-message.ts';
import { bytesTag } from './field-tags.ts';
import { GraphScope } from './graph-scope.ts';
import type { MessageCursor } from './message-cursor.ts';
import type { ReadContext } from './read-context.ts';
import { originOf } from './read-context.ts';
import type { DescribedDraft } from './read-description.ts';
import { descriptionOf, readDocString, readMetadata } from './read-description.ts';
import { fieldHandlers, readFields } from './read-fields.ts';
import { readNode } from './read-node.ts';
import { readSparseTensor } from './read-sparse-tensor.ts';
import { readTensor } from './read-tensor.ts';
import type { ValueInfoRead } from './read-value-info.ts';
import { readValueInfo } from './read-value-info.ts';
import { UnknownFields } from './unknown-fields.ts';

/** The graphs met so far, outermost first: {@link linkGraphs} finishes them. */
export interface GraphReading {
  readonly context: ReadContext;
  readonly scopes: GraphScope[];
}

/** A description of some value, and the whole field that gives it. */
export interface FoundInfo {
  readonly info: ValueInfoRead;
  readonly start: number;
  readonly position: number;
}

interface GraphDraft extends DescribedDraft {
  readonly scope: GraphScope;
  readonly reading: AttributeReading;
  readonly infos: FoundInfo[];
}

const field = GraphProtoSchema.field;

const handlers = fieldHandlers<GraphDraft>([
  [bytesTag(field.node), ({ scope, reading }, cursor) => scope.addNode(readNode(reading, cursor.message()))],
  [
    bytesTag(field.name),
    ({ scope }, cursor) => {
      scope.graph.name = cursor.name();
    },
  ],
  [bytesTag(field.initializer), addInitializer],
  [bytesTag(field.sparseInitializer), addSparseInitializer],
  [bytesTag(field.input), addInput],
  [
    bytesTag(field.output),
    ({ scope, context }, cursor) => scope.outputs.push(readValueInfo(context, cursor.message())),
  ],
  [bytesTag(field.valueInfo), addInfo],
  [bytesTag(field.docString), readDocString],
  [bytesTag(field.metadataProps), readMetadata],
  [bytesTag(field.quantizationAnnotation), keepChecked(TensorAnnotationSchema)],
]);

/** A GraphProto and the graphs inside it, whose nodes are not linked yet. */
export function readGraph(reading: GraphReading, cursor: MessageCursor, parent: GraphScope | null = null): Graph {
  const { context } = reading;
  const scope = new GraphScope(context, parent);
  reading.scopes.push(scope);
  const draft: GraphDraft = {
    context,
    scope,
    reading: { context, readGraph: (inner) => readGraph(reading, inner, scope) },
    unknown: new UnknownFields(context),
    docString: '',
    metadata: [],
    infos: [],
  };
  readFields(cursor, draft, handlers);
  sortOutInfos(draft);
  scope.origin = originOf(context, cursor);
  scope.graph.info = infoOf(draft);
  return scope.graph;
}

function addInitializer({ scope, context }: GraphDraft, cursor: MessageCursor): void {
  const tensor = readTensor(context, cursor.message());
  scope.addInitializer(tensor.name, tensor);
}

function addSparseInitializer({ scope, context }: GraphDraft, cursor: MessageCursor): void {
  const tensor = readSparseTensor(context, cursor.message());
  scope.addInitializer(tensor.values.name, tensor);
}

function addInput({ scope, context }: GraphDraft, cursor: MessageCursor): void {
  scope.addInput(readValueInfo(context, cursor.message()));
}

/** Notes a `value_info` field for {@link sortOutInfos}. */
export function addInfo(
  draft: { readonly context: ReadContext; readonly infos: FoundInfo[] },
  cursor: MessageCursor,
): void {
  const { start, position } = cursor;
  draft.infos.push({ info: readValueInfo(draft.context, cursor.message()), start, position });
}

/** Once all values are known: a description of an unknown one is kept as it is. */
export function sortOutInfos(draft: Pick<GraphDraft, 'scope' | 'infos' | 'unknown'>): void {
  for (const found of draft.infos) {
    if (draft.scope.own(found.info.name) === null) draft.unknown.keep(found);
    else draft.scope.infos.push(found.info);
  }
}

function infoOf(draft: GraphDraft): GraphInfo {
  return { ...descriptionOf(draft), ...(draft.unknown.isEmpty ? {} : { unknownFields: draft.unknown.list() }) };
}
