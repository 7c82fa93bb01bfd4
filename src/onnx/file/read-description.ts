import type { MetadataEntry } from '../metadata.ts';
import type { MessageCursor } from './message-cursor.ts';
import type { ReadContext } from './read-context.ts';
import { readEntry } from './read-entries.ts';
import type { Draft } from './read-fields.ts';

/** The fields that most of ONNX's messages share. */
export interface DescribedDraft extends Draft {
  readonly context: ReadContext;
  docString: string;
  readonly metadata: MetadataEntry[];
}

/** Text that is not UTF-8 is kept as bytes. */
export function readDocString(draft: Omit<DescribedDraft, 'metadata'>, cursor: MessageCursor): void {
  const text = cursor.text();
  if (text === null) draft.unknown.keep(cursor);
  else draft.docString = text;
}

/** An entry that is more than two texts is kept as bytes. */
export function readMetadata(draft: DescribedDraft, cursor: MessageCursor): void {
  const entry = readEntry(draft.context, cursor);
  if (entry === null) draft.unknown.keep(cursor);
  else draft.metadata.push(entry);
}

/** The two as options: left out where there is nothing. */
export function descriptionOf({ docString, metadata }: Omit<DescribedDraft, 'context' | 'unknown'>): {
  readonly docString?: string;
  readonly metadata?: readonly MetadataEntry[];
} {
  return { ...(docString === '' ? {} : { docString }), ...(metadata.length === 0 ? {} : { metadata }) };
}
