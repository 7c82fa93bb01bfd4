import { FunctionProtoSchema } from 'onnx-buf';
import type { Attribute } from '../attribute.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { bytesTag } from './field-tags.ts';
import { GraphScope } from './graph-scope.ts';
import type { AttributeReading } from './attribute-values.ts';
import type { MessageCursor } from './message-cursor.ts';
import { readAttribute } from './read-attribute.ts';
import { invalid, originOf } from './read-context.ts';
import type { DescribedDraft } from './read-description.ts';
import { readDocString, readMetadata } from './read-description.ts';
import { readOpset } from './read-entries.ts';
import { fieldHandlers, readFields } from './read-fields.ts';
import type { FoundInfo, GraphReading } from './read-graph.ts';
import { addInfo, readGraph, sortOutInfos } from './read-graph.ts';
import { readNode } from './read-node.ts';
import { UnknownFields } from './unknown-fields.ts';

interface FunctionDraft extends DescribedDraft {
  readonly scope: GraphScope;
  readonly reading: AttributeReading;
  domain: string;
  name: string;
  overload: string;
  readonly attributes: string[];
  readonly attributeDefaults: Attribute[];
  readonly opsets: Map<string, number>;
  readonly infos: FoundInfo[];
}

const field = FunctionProtoSchema.field;

const handlers = fieldHandlers<FunctionDraft>([
  [
    bytesTag(field.name),
    (draft, cursor) => {
      draft.name = cursor.name();
    },
  ],
  [
    bytesTag(field.domain),
    (draft, cursor) => {
      draft.domain = cursor.name();
    },
  ],
  [
    bytesTag(field.overload),
    (draft, cursor) => {
      draft.overload = cursor.name();
    },
  ],
  [bytesTag(field.input), ({ scope }, cursor) => scope.addInput({ name: cursor.name() })],
  [bytesTag(field.output), ({ scope }, cursor) => scope.outputs.push({ name: cursor.name() })],
  [bytesTag(field.attribute), ({ attributes }, cursor) => attributes.push(cursor.name())],
  [
    bytesTag(field.attributeProto),
    ({ attributeDefaults, reading }, cursor) => attributeDefaults.push(readAttribute(reading, cursor.message())),
  ],
  [bytesTag(field.node), ({ scope, reading }, cursor) => scope.addNode(readNode(reading, cursor.message()))],
  [bytesTag(field.opsetImport), ({ context, opsets }, cursor) => readOpset(context, cursor, opsets)],
  [bytesTag(field.valueInfo), addInfo],
  [bytesTag(field.docString), readDocString],
  [bytesTag(field.metadataProps), readMetadata],
]);

/** A FunctionProto, whose body's nodes are not linked yet. */
export function readFunction(reading: GraphReading, cursor: MessageCursor): FunctionDefinition {
  const draft = readFields(cursor, emptyDraft(reading), handlers);
  const { context } = reading;
  const { name, domain, overload, scope, unknown } = draft;
  if (name === '') throw invalid(context, `the function at byte ${cursor.span.offset}`, 'it has no name');
  sortOutInfos(draft);
  scope.graph.name = name;
  const origin = originOf(context, cursor);
  scope.origin = origin;
  const { attributes, attributeDefaults, opsets, docString, metadata } = draft;
  const about = { domain, name, overload, attributes, attributeDefaults, opsets, docString, metadata };
  return { ...about, body: scope.graph, unknownFields: unknown.bytes(), origin };
}

function emptyDraft(reading: GraphReading): FunctionDraft {
  const { context, scopes } = reading;
  const scope = new GraphScope(context, null);
  scopes.push(scope);
  return {
    context,
    scope,
    reading: { context, readGraph: (inner) => readGraph(reading, inner, scope) },
    unknown: new UnknownFields(context),
    domain: '',
    name: '',
    overload: '',
    docString: '',
    attributes: [],
    attributeDefaults: [],
    opsets: new Map(),
    infos: [],
    metadata: [],
  };
}
