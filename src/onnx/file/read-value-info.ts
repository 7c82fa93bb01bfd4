import { ValueInfoProtoSchema } from 'onnx-buf';
import type { Origin } from '../origin.ts';
import type { ValueInfo } from '../value.ts';
import type { ValueType } from '../value-type.ts';
import { bytesTag } from './field-tags.ts';
import { objectBytes } from './limits.ts';
import type { MessageCursor } from './message-cursor.ts';
import type { ReadContext } from './read-context.ts';
import { invalid, originOf } from './read-context.ts';
import type { DescribedDraft } from './read-description.ts';
import { descriptionOf, readDocString, readMetadata } from './read-description.ts';
import { fieldHandlers, readFields } from './read-fields.ts';
import { readSharedType } from './read-type.ts';
import { UnknownFields } from './unknown-fields.ts';

/** What a ValueInfoProto says. */
export interface ValueInfoRead {
  readonly name: string;
  readonly type: ValueType | null;
  readonly info: ValueInfo;
  readonly origin: Origin;
}

interface InfoDraft extends DescribedDraft {
  name: string;
  hasType: boolean;
  type: ValueType | null;
  /** The TypeProto's bytes, where they say more than `type` does. */
  rawType: Uint8Array | null;
}

const field = ValueInfoProtoSchema.field;

const handlers = fieldHandlers<InfoDraft>([
  [
    bytesTag(field.name),
    (draft, cursor) => {
      draft.name = cursor.name();
    },
  ],
  [bytesTag(field.type), readTypeField],
  [bytesTag(field.docString), readDocString],
  [bytesTag(field.metadataProps), readMetadata],
]);

/** A ValueInfoProto: a declared input, output or intermediate value. Throws ModelError for one without a name. */
export function readValueInfo(context: ReadContext, cursor: MessageCursor): ValueInfoRead {
  context.budget.takeObjects(objectBytes.info);
  const draft = readFields(
    cursor,
    {
      context,
      unknown: new UnknownFields(context),
      name: '',
      hasType: false,
      type: null,
      rawType: null,
      docString: '',
      metadata: [],
    },
    handlers,
  );
  if (draft.name === '') throw invalid(context, `the value at byte ${cursor.span.offset}`, 'it has no name');
  return { name: draft.name, type: draft.type, info: infoOf(draft), origin: originOf(context, cursor) };
}

function readTypeField(draft: InfoDraft, cursor: MessageCursor): void {
  if (draft.hasType) throw invalid(draft.context, `value '${draft.name}'`, 'its type is given twice');
  draft.hasType = true;
  const { type, isPlain } = readSharedType(draft.context, cursor);
  draft.type = type;
  if (type === null) draft.unknown.keep(cursor);
  else if (!isPlain) draft.rawType = cursor.bytes();
}

const nothing: ValueInfo = {};

function infoOf(draft: InfoDraft): ValueInfo {
  const { type, rawType, metadata, docString } = draft;
  const unknownFields = draft.unknown.bytes();
  if (unknownFields === null && rawType === null && docString === '' && metadata.length === 0) return nothing;
  return {
    ...descriptionOf(draft),
    ...(unknownFields === null ? {} : { unknownFields }),
    ...(rawType === null || type === null ? {} : { rawType: { type, bytes: rawType } }),
  };
}
