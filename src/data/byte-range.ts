/** Bytes that are read by position, wherever they are. */
export interface ByteRange {
  readonly sizeBytes: number;
  /** Reads `target.length` bytes from `offset` on. @throws DataError `data-malformed` where they end before */
  readInto(target: Uint8Array, offset: number): Promise<void>;
}

/** Bytes of which some are needed at a time: 1 MiB is read about as fast as any more. */
const blockBytes = 2 ** 20;

/** Bytes in memory. */
export function memoryRange(bytes: Uint8Array): ByteRange {
  return {
    sizeBytes: bytes.length,
    readInto: async (target, offset) => target.set(bytes.subarray(offset, offset + target.length)),
  };
}

/** A part of other bytes. */
export function partOf(whole: ByteRange, offset: number, sizeBytes: number): ByteRange {
  return { sizeBytes, readInto: (target, at) => whole.readInto(target, offset + at) };
}

/** All bytes in order, in blocks of up to 1 MiB of which each is valid until the next is asked for. */
export async function* blocksOf(range: ByteRange): AsyncGenerator<Uint8Array, void, undefined> {
  const block = new Uint8Array(Math.min(blockBytes, range.sizeBytes));
  for (let at = 0; at < range.sizeBytes; at += block.length) {
    const part = block.subarray(0, Math.min(block.length, range.sizeBytes - at));
    await range.readInto(part, at);
    yield part;
  }
}
