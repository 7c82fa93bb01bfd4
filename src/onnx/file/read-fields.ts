import type { MessageCursor } from './message-cursor.ts';
import type { UnknownFields } from './unknown-fields.ts';

/** What a message becomes, while its fields are read. */
export interface Draft {
  /** Fields that no handler knows, by number or by wire type. */
  readonly unknown: UnknownFields;
}

export type FieldHandler<D extends Draft> = (draft: D, cursor: MessageCursor) => void;

/** What to do with a field, by its tag. */
export type FieldHandlers<D extends Draft> = ReadonlyMap<number, FieldHandler<D>>;

/** A table of handlers, one line a field. */
export function fieldHandlers<D extends Draft>(
  table: readonly (readonly [number, FieldHandler<D>])[],
): FieldHandlers<D> {
  return new Map(table);
}

/** Hands every field of a message to its handler; others are kept as they are. */
export function readFields<D extends Draft>(cursor: MessageCursor, draft: D, handlers: FieldHandlers<D>): D {
  while (cursor.next()) {
    const handle = handlers.get(cursor.tag);
    if (handle === undefined) draft.unknown.keep(cursor);
    else handle(draft, cursor);
  }
  return draft;
}
