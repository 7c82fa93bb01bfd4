import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { ScalarType } from '@bufbuild/protobuf';
import type { Draft } from './read-fields.ts';
import { eachVarint } from './each-varint.ts';
import { bytesTag } from './field-tags.ts';
import type { MessageCursor, WireContext } from './message-cursor.ts';

const fixedWidths: ReadonlyMap<ScalarType, number> = new Map([
  [ScalarType.FLOAT, 4],
  [ScalarType.DOUBLE, 8],
]);
const varints: ReadonlySet<ScalarType> = new Set([ScalarType.INT32, ScalarType.INT64, ScalarType.UINT64]);

interface CheckedDraft extends Draft {
  readonly context: WireContext;
}

/** Keeps a field as it is, once its message was found to be one: what is copied unread must be sound too. */
export function keepChecked(schema: DescMessage): (draft: CheckedDraft, cursor: MessageCursor) => void {
  return (draft, cursor) => {
    checkMessage(draft.context, cursor.message(), schema);
    draft.unknown.keep(cursor);
  };
}

/** Walks a message down to its leaves by its schema. Throws ModelError where C++'s parser would give up. */
function checkMessage(context: WireContext, cursor: MessageCursor, schema: DescMessage): void {
  const fields = fieldsOf(schema);
  while (cursor.next()) {
    const field = fields.get(cursor.tag);
    if (field !== undefined) checkBody(context, cursor, field);
  }
}

function checkBody(context: WireContext, cursor: MessageCursor, field: DescField): void {
  if (field.message !== undefined) {
    checkMessage(context, cursor.message(), field.message);
  } else if (field.fieldKind === 'list' && field.scalar !== undefined) {
    const width = fixedWidths.get(field.scalar) ?? 1;
    if (cursor.bodyLength % width !== 0) throw cursor.malformed('packed numbers are cut off');
    if (varints.has(field.scalar)) eachVarint(context.window, cursor.body(), () => {});
  }
}

const known = new Map<DescMessage, ReadonlyMap<number, DescField>>();

/** Fields by the tag of their length-delimited form. */
function fieldsOf(schema: DescMessage): ReadonlyMap<number, DescField> {
  const found = known.get(schema);
  if (found !== undefined) return found;
  const fields = new Map(schema.fields.map((field) => [bytesTag(field), field]));
  known.set(schema, fields);
  return fields;
}
