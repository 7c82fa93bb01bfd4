import { AttributeProto_AttributeType, AttributeProtoSchema } from 'onnx-buf';
import type { Attribute } from '../attribute.ts';
import { kindOfField, kindOfType } from './attribute-kinds.ts';
import type { AttributeReading, AttributeValues } from './attribute-values.ts';
import { attributeOfKind, valueReaders } from './attribute-values.ts';
import { bytesTag, varintTag } from './field-tags.ts';
import { objectBytes } from './limits.ts';
import type { MessageCursor } from './message-cursor.ts';
import type { ReadContext } from './read-context.ts';
import { invalid } from './read-context.ts';
import { readDocString } from './read-description.ts';
import type { Draft } from './read-fields.ts';
import { fieldHandlers, readFields } from './read-fields.ts';
import { UnknownFields } from './unknown-fields.ts';

interface AttributeDraft extends Draft, AttributeReading {
  name: string;
  reference: string;
  docString: string;
  type: number;
  /** Number of the field that holds the value; 0 while none does. */
  valueField: number;
  isTwice: boolean;
  readonly values: AttributeValues;
}

const field = AttributeProtoSchema.field;

const handlers = fieldHandlers<AttributeDraft>([
  [
    bytesTag(field.name),
    (draft, cursor) => {
      draft.name = cursor.name();
    },
  ],
  [
    bytesTag(field.refAttrName),
    (draft, cursor) => {
      draft.reference = cursor.name();
    },
  ],
  [bytesTag(field.docString), readDocString],
  [varintTag(field.type), readKind],
  ...[...valueReaders.keys()].map((tag) => [tag, readValue] as const),
]);

/** An AttributeProto. Throws ModelError for one whose value is not what its type says, as onnx's checker does. */
export function readAttribute(reading: AttributeReading, cursor: MessageCursor): Attribute {
  const { context } = reading;
  context.budget.takeObjects(objectBytes.attribute);
  const draft: AttributeDraft = {
    context,
    readGraph: reading.readGraph,
    unknown: new UnknownFields(context),
    name: '',
    reference: '',
    docString: '',
    type: 0,
    valueField: 0,
    isTwice: false,
    values: { floats: [], ints: [], strings: [], tensors: [], graphs: [], sparseTensors: [], types: [] },
  };
  readFields(cursor, draft, handlers);
  const attribute = attributeOf(draft, context);
  const unknownFields = draft.unknown.bytes();
  if (unknownFields === null && draft.docString === '') return attribute;
  return {
    ...attribute,
    ...(draft.docString === '' ? {} : { docString: draft.docString }),
    ...(unknownFields === null ? {} : { unknownFields }),
  };
}

function readKind(draft: AttributeDraft, cursor: MessageCursor): void {
  const type = cursor.int32();
  if (type in AttributeProto_AttributeType) draft.type = type;
  else draft.unknown.keep(cursor);
}

const listFields: ReadonlySet<number> = new Set(
  [field.floats, field.ints, field.strings, field.tensors, field.graphs, field.sparseTensors, field.typeProtos].map(
    ({ number }) => number,
  ),
);
const scalarFields: ReadonlySet<number> = new Set([field.f, field.i, field.s].map(({ number }) => number));

function readValue(draft: AttributeDraft, cursor: MessageCursor): void {
  const number = cursor.tag >>> 3;
  const isRepeated = draft.valueField === number && !listFields.has(number) && !scalarFields.has(number);
  if (isRepeated || (draft.valueField !== 0 && draft.valueField !== number)) draft.isTwice = true;
  draft.valueField = number;
  valueReaders.get(cursor.tag)?.(draft.values, cursor, draft);
}

function attributeOf(draft: AttributeDraft, context: ReadContext): Attribute {
  const { name, reference, type, valueField } = draft;
  const fail = (problem: string) => invalid(context, `attribute '${name}'`, problem);
  if (name === '') throw invalid(context, '', 'an attribute has no name');
  if (draft.isTwice || (reference !== '' && valueField !== 0)) throw fail('it has more than one value');
  if (reference !== '') return { kind: 'reference', name, value: reference, type };
  // Files of IR version 1 say no type.
  const kind = type === 0 ? kindOfField(valueField) : kindOfType(type);
  if (kind === null) throw fail('it has no type and no value');
  if (valueField !== 0 && kindOfField(valueField) !== kind)
    throw fail(`it says ${kind} but holds ${kindOfField(valueField)}`);
  const attribute = attributeOfKind(kind, draft);
  if (attribute === null) throw fail(`it has no value, though it says ${kind}`);
  return attribute;
}
