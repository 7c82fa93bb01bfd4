import { uncleared } from './source-file.ts';
import type { ByteSource } from '../origin.ts';

/** Bytes that stay in a file until they are written. */
export interface FileRange {
  readonly kind: 'range';
  readonly source: ByteSource;
  readonly offset: number;
  readonly length: number;
}

/** Bytes that are computed when they are written: `length` of them in all. */
export interface ProducedBytes {
  readonly kind: 'produced';
  readonly length: number;
  readonly produce: () => Iterable<Uint8Array>;
}

/** A stretch of a file to be written. */
export type Piece = Uint8Array | FileRange | ProducedBytes;

/** Bytes of all pieces. */
export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** Bytes that are read or handed on at a time: what fits a processor's second cache is copied fastest. */
export const chunkBytes = 2 ** 18;

/**
 * The pieces' bytes in order, in chunks of 256 KiB where they come from a file or are many and small. With `reuse` a
 * chunk is valid until the next is asked for: memory is taken once.
 */
export function* chunksOf(
  pieces: Iterable<Piece>,
  { reuse = false }: { readonly reuse?: boolean } = {},
): Generator<Uint8Array, void, undefined> {
  let small: Uint8Array[] = [];
  let smallBytes = 0;
  for (const chunk of splitPieces(pieces, reuse ? new SharedChunk() : null)) {
    if (smallBytes + chunk.length > chunkBytes && small.length > 0) {
      yield joined(small);
      small = [];
      smallBytes = 0;
    }
    if (chunk.length === chunkBytes) {
      yield chunk;
    } else {
      small.push(chunk);
      smallBytes += chunk.length;
    }
  }
  if (small.length > 0) yield joined(small);
}

/** Memory that is taken when it is needed first: most pieces are smaller than a chunk. */
class SharedChunk {
  #bytes: Uint8Array | null = null;

  get bytes(): Uint8Array {
    this.#bytes ??= uncleared(chunkBytes);
    return this.#bytes;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  return first !== undefined && parts.length === 1 ? first : Buffer.concat(parts);
}

function* splitPieces(pieces: Iterable<Piece>, shared: SharedChunk | null): Generator<Uint8Array, void, undefined> {
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) yield* splitBytes(piece);
    else if (piece.kind === 'range') yield* splitRange(piece, shared);
    else yield* splitProduced(piece);
  }
}

function* splitBytes(bytes: Uint8Array): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

/** Whole chunks may share memory; the rest, which may have to wait for other pieces, has its own. */
function* splitRange(
  { source, offset, length }: FileRange,
  shared: SharedChunk | null,
): Generator<Uint8Array, void, undefined> {
  for (let at = 0; at < length; at += chunkBytes) {
    if (shared === null || length - at < chunkBytes) {
      yield source.read(offset + at, Math.min(chunkBytes, length - at));
    } else {
      source.fill(offset + at, shared.bytes);
      yield shared.bytes;
    }
  }
}

function* splitProduced({ length, produce }: ProducedBytes): Generator<Uint8Array, void, undefined> {
  let done = 0;
  for (const bytes of produce()) {
    done += bytes.length;
    if (done > length) break;
    yield* splitBytes(bytes);
  }
  // Lengths before it are written already: the file would be corrupt.
  if (done !== length) throw new RangeError(`${length} bytes were promised, ${done} or more were produced`);
}
