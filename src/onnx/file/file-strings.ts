import type { ByteSource } from '../origin.ts';
import { ByteWindow } from './byte-window.ts';
import type { Span } from './message-cursor.ts';
import { MessageCursor } from './message-cursor.ts';
import { ReadBudget } from './read-budget.ts';

/** A string tensor's elements while they are still in the model's file: read anew on every look at `values`. */
export class FileStrings {
  readonly kind = 'strings';
  readonly source: ByteSource;
  /** Runs of whole string_data fields, tag included. */
  readonly ranges: readonly Span[];

  constructor(source: ByteSource, ranges: readonly Span[]) {
    this.source = source;
    this.ranges = ranges;
  }

  get values(): readonly Uint8Array[] {
    return readStrings(new ByteWindow(this.source), this.ranges);
  }
}

/** The contents of runs of string_data fields. */
export function readStrings(window: ByteWindow, ranges: readonly Span[]): readonly Uint8Array[] {
  const values: Uint8Array[] = [];
  for (const range of ranges) {
    const cursor = new MessageCursor({ window, budget: new ReadBudget(window.source.path) }, range);
    while (cursor.next()) values.push(window.copy(cursor.bodyStart, cursor.bodyLength));
  }
  return values;
}
