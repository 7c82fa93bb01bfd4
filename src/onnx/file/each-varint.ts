import { ModelError } from '../../errors.ts';
import type { ByteWindow } from './byte-window.ts';
import type { Span } from './message-cursor.ts';
import { longestVarint, Varint } from './varint.ts';

/** Visits the varints that fill a part of a file, and returns how many there are. Throws ModelError for a broken one. */
export function eachVarint(window: ByteWindow, { offset, length }: Span, visit: (varint: Varint) => void): number {
  const varint = new Varint();
  const end = offset + length;
  let count = 0;
  let position = offset;
  while (position < end) {
    const index = window.locate(position, Math.min(longestVarint, end - position));
    const limit = index + Math.min(window.bytes.length - index, end - position);
    // The last few bytes of a window may hold half a varint: they are read again with the next one.
    const last = position + limit - index === end ? limit : limit - longestVarint + 1;
    let at = index;
    for (; at < last; at = varint.end, count++) {
      if (!varint.read(window.bytes, at, limit)) throw broken(window, position + at - index);
      visit(varint);
    }
    position += at - index;
  }
  return count;
}

function broken({ source }: ByteWindow, offset: number): ModelError {
  const problem = 'a number among packed ones is cut off or has more than 64 bits';
  return new ModelError('model-malformed', { path: source.path, offset, problem });
}
