import { blocksOf, type ByteRange } from './byte-range.ts';

const newline = 0x0a;

/** Where each line of a file begins that is not blank. Eight bytes a line: lines themselves stay in the file. */
export interface LineIndex {
  readonly count: number;
  /** The line's bytes with whatever blank lines follow it; null when they are more than `maxBytes`. */
  read(index: number, maxBytes: number): Promise<Uint8Array | null>;
}

/** Finds the lines of a file in one pass. */
export async function indexLines(file: ByteRange): Promise<LineIndex> {
  const starts = new OffsetList();
  let blockOffset = 0;
  let isWithinLine = false;
  for await (const block of blocksOf(file)) {
    for (let at = 0; at < block.length;) {
      if (!isWithinLine) {
        at = firstVisible(block, at);
        if (at === -1) break;
        starts.push(blockOffset + at);
        isWithinLine = true;
      }
      const end = block.indexOf(newline, at);
      if (end === -1) break;
      isWithinLine = false;
      at = end + 1;
    }
    blockOffset += block.length;
  }
  const offsets = starts.offsets;
  return {
    count: offsets.length,
    async read(index, maxBytes) {
      const start = offsets[index] ?? 0;
      const length = (offsets[index + 1] ?? file.sizeBytes) - start;
      if (length > maxBytes) return null;
      const line = new Uint8Array(length);
      await file.readInto(line, start);
      return line;
    },
  };
}

/** White space of any kind is no text: a line begins with what can be seen of it. */
function firstVisible(block: Uint8Array, from: number): number {
  for (let at = from; at < block.length; at++) if ((block[at] ?? 0) > 0x20) return at;
  return -1;
}

/** Numbers that grow in place, by doubling. */
class OffsetList {
  #values = new Float64Array(1024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length++] = value;
  }

  get offsets(): Float64Array {
    return this.#values.slice(0, this.#length);
  }
}
