import { isUtf8 } from 'node:buffer';
import type { ByteSource } from '../origin.ts';

const smallestWindow = 4 * 1024;
const largestWindow = 256 * 1024;

/**
 * The part of a file that is being read. It grows while reading goes straight on, and is small after a jump over a
 * payload, so that a file of few large tensors is hardly touched.
 */
export class ByteWindow {
  readonly source: ByteSource;
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #size = smallestWindow;

  constructor(source: ByteSource) {
    this.source = source;
  }

  /** The bytes at hand; {@link locate} says which. */
  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Sees to it that a few bytes (4 KiB at most) are at hand, and returns the index of the first in {@link bytes}. */
  locate(offset: number, length: number): number {
    const index = offset - this.#start;
    if (index >= 0 && index + length <= this.#bytes.length) return index;
    return this.#move(offset);
  }

  /** A copy of bytes, of any number. */
  copy(offset: number, length: number): Uint8Array {
    if (length > smallestWindow) return this.source.read(offset, length);
    const index = this.locate(offset, length);
    const copy = new Uint8Array(length);
    copy.set(this.#bytes.subarray(index, index + length));
    return copy;
  }

  /** Bytes as text; null when they are not UTF-8. */
  text(offset: number, length: number): string | null {
    if (length === 0) return '';
    if (length > smallestWindow) return decode(this.copy(offset, length));
    const index = this.locate(offset, length);
    const bytes = this.#bytes;
    for (let at = index; at < index + length; at++)
      if ((bytes[at] ?? 0) >= 0x80) return decode(bytes.subarray(index, index + length));
    return bytes.toString('latin1', index, index + length);
  }

  #move(offset: number): number {
    const behind = this.#start + this.#bytes.length;
    const goesOn = offset >= this.#start && offset <= behind;
    this.#size = goesOn ? Math.min(this.#size * 2, largestWindow) : smallestWindow;
    const read = this.source.read(offset, Math.min(this.#size, this.source.sizeBytes - offset));
    this.#bytes = Buffer.from(read.buffer, read.byteOffset, read.byteLength);
    this.#start = offset;
    return 0;
  }
}

function decode(bytes: Uint8Array): string | null {
  if (!isUtf8(bytes)) return null;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
