import { eachVarint } from './each-varint.ts';
import { mostElements, objectBytes } from './limits.ts';
import type { MessageCursor } from './message-cursor.ts';
import { wire } from './message-cursor.ts';
import type { ReadContext } from './read-context.ts';

interface DimsDraft {
  readonly context: ReadContext;
  readonly dims: number[];
}

/** Axis lengths, one a field or packed. */
export function readDims({ context, dims }: DimsDraft, cursor: MessageCursor): void {
  const add = (length: number) => {
    context.budget.takeObjects(objectBytes.listItem);
    dims.push(length);
  };
  if (cursor.wireType === wire.varint) add(cursor.number());
  else eachVarint(context.window, cursor.body(), ({ signed }) => add(signed));
}

/** What is wrong with a constant's shape; null when nothing is. */
export function problemOfDims(dims: readonly number[]): string | null {
  const negative = dims.find((dim) => !(dim >= 0));
  if (negative !== undefined) return `its shape [${dims.join(', ')}] has a negative axis`;
  // Axes of length 0 make the product 0, but no axis may be longer than any tensor.
  const product = dims.reduce((product, dim) => product * (dim === 0 ? 1 : dim), 1);
  return product > mostElements ? `its shape [${dims.join(', ')}] has more elements than can be counted` : null;
}
