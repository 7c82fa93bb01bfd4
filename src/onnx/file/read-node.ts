import { NodeDeviceConfigurationProtoSchema, NodeProtoSchema } from 'onnx-buf';
import type { Attribute } from '../attribute.ts';
import type { NodeInfo, NodeOptions } from '../node.ts';
import type { Origin } from '../origin.ts';
import type { AttributeReading } from './attribute-values.ts';
import { keepChecked } from './check-message.ts';
import { bytesTag } from './field-tags.ts';
import { objectBytes } from './limits.ts';
import type { MessageCursor } from './message-cursor.ts';
import { readAttribute } from './read-attribute.ts';
import { invalid, originOf } from './read-context.ts';
import type { DescribedDraft } from './read-description.ts';
import { descriptionOf, readDocString, readMetadata } from './read-description.ts';
import { fieldHandlers, readFields } from './read-fields.ts';
import { UnknownFields } from './unknown-fields.ts';

/** A NodeProto whose edges are still names. */
export interface NodeRead {
  readonly options: NodeOptions;
  /** '' where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly origin: Origin;
}

interface NodeDraft extends DescribedDraft {
  readonly reading: AttributeReading;
  op: string;
  domain: string;
  name: string;
  overload: string;
  readonly inputs: string[];
  readonly outputs: string[];
  readonly attributes: Attribute[];
}

const field = NodeProtoSchema.field;

const handlers = fieldHandlers<NodeDraft>([
  [bytesTag(field.input), (draft, cursor) => draft.inputs.push(cursor.name())],
  [bytesTag(field.output), (draft, cursor) => draft.outputs.push(cursor.name())],
  [
    bytesTag(field.name),
    (draft, cursor) => {
      draft.name = cursor.name();
    },
  ],
  [
    bytesTag(field.opType),
    (draft, cursor) => {
      draft.op = cursor.name();
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
  [
    bytesTag(field.attribute),
    ({ attributes, reading }, cursor) => attributes.push(readAttribute(reading, cursor.message())),
  ],
  [bytesTag(field.docString), readDocString],
  [bytesTag(field.metadataProps), readMetadata],
  [bytesTag(field.deviceConfigurations), keepChecked(NodeDeviceConfigurationProtoSchema)],
]);

/** A NodeProto. Throws ModelError for one without an operator or with an attribute twice. */
export function readNode(reading: AttributeReading, cursor: MessageCursor): NodeRead {
  const { context } = reading;
  const draft: NodeDraft = {
    context,
    reading,
    unknown: new UnknownFields(context),
    op: '',
    domain: '',
    name: '',
    overload: '',
    docString: '',
    inputs: [],
    outputs: [],
    attributes: [],
    metadata: [],
  };
  readFields(cursor, draft, handlers);
  const { op, domain, name, inputs, outputs, attributes } = draft;
  const problem = problemOf(draft);
  if (problem !== null) throw invalid(context, labelOf(name, outputs, cursor), problem);
  context.budget.takeObjects(objectBytes.node + inputs.length * objectBytes.edge + outputs.length * objectBytes.value);
  const options = { op, domain, name, attributes, info: infoOf(draft) };
  // A copy, for a list that grew has room for 17, and this one waits until the whole graph is read.
  return { options, inputs: inputs.slice(), outputs, origin: originOf(context, cursor) };
}

function problemOf({ op, attributes }: NodeDraft): string | null {
  if (op === '') return 'it has no operator';
  if (attributes.length < 2) return null;
  const names = new Set<string>();
  const twice = attributes.find(({ name }) => names.size === names.add(name).size);
  return twice === undefined ? null : `attribute '${twice.name}' is given twice`;
}

/** A node by its name or, where it has none, by what it makes. */
function labelOf(name: string, outputs: readonly string[], { span }: MessageCursor): string {
  if (name !== '') return `node '${name}'`;
  const [output] = outputs;
  return output === undefined ? `the node at byte ${span.offset}` : `node '-> ${output}'`;
}

const nothing: NodeInfo = {};

function infoOf(draft: NodeDraft): NodeInfo {
  const { overload, docString, metadata } = draft;
  const unknownFields = draft.unknown.bytes();
  if (unknownFields === null && overload === '' && docString === '' && metadata.length === 0) return nothing;
  return {
    ...descriptionOf(draft),
    ...(overload === '' ? {} : { overload }),
    ...(unknownFields === null ? {} : { unknownFields }),
  };
}
