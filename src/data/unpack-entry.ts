import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { InferError } from '../errors.ts';
import { blocksOf, type ByteRange, memoryRange, partOf } from './byte-range.ts';
import type { ScratchFiles } from './scratch-files.ts';
import { malformed, type ZipEntry, type ZipFile } from './zip-directory.ts';
import { locateZipEntry, stored } from './zip-entry.ts';

/** Deflated entries up to this size are kept in memory: no more than a batch takes. */
const memoryBytes = 2 ** 22;

/** Stored entries up to this size are read once to check them: beyond, that would take longer than it is worth. */
const checkedBytes = 2 ** 30;

/** Inflated at a time: memory of this size goes back to the system as soon as it is garbage. */
const inflatedBytes = 2 ** 20;

/** More than any header that is read is long (NumPy's own limit is 10,000 characters). */
const headBytes = 2 ** 16;

export interface UnpackRequest {
  readonly zip: ZipFile;
  /** The archive's bytes, open. */
  readonly file: ByteRange;
  readonly entry: ZipEntry;
  readonly scratch: ScratchFiles;
  /** Looks at the first 64 KiB, or all there are, before more is unpacked: throws to stop. */
  readonly checkHead: (head: Uint8Array) => void;
}

/**
 * An entry's bytes to be read by position: in the archive where they are stored, else inflated once, in a small file's
 * case into memory, else into a scratch file. Never more than the directory promises, which must be possible.
 * @throws DataError `data-malformed` for a wrong size or checksum (stored entries beyond 1 GiB are not summed),
 * `data-unsupported` for other kinds; UsageError `output-unwritable` when the disk is full
 */
export async function unpackEntry(request: UnpackRequest): Promise<ByteRange> {
  const { zip, file, entry, checkHead } = request;
  const offset = locateZipEntry(zip, entry);
  const packed = partOf(file, offset, entry.packedBytes);
  if (entry.method !== stored) return inflateEntry(request, packed);
  if (entry.packedBytes !== entry.sizeBytes) throw wrongSize(request, entry.packedBytes);
  const head = new Uint8Array(Math.min(headBytes, entry.sizeBytes));
  await packed.readInto(head, 0);
  checkHead(head);
  if (entry.sizeBytes <= checkedBytes) {
    let sum = 0;
    for await (const block of blocksOf(packed)) sum = crc32(block, sum);
    checkSum(request, sum);
  }
  return packed;
}

async function inflateEntry(request: UnpackRequest, packed: ByteRange): Promise<ByteRange> {
  const { sizeBytes } = request.entry;
  if (sizeBytes > memoryBytes) {
    return request.scratch.create((writer) => inflate(request, packed, (bytes) => writer.write(bytes)));
  }
  const whole = new Uint8Array(sizeBytes);
  let at = 0;
  await inflate(request, packed, (bytes) => {
    whole.set(bytes, at);
    at += bytes.length;
  });
  return memoryRange(whole);
}

async function inflate(request: UnpackRequest, packed: ByteRange, write: (bytes: Uint8Array) => void): Promise<void> {
  const checker = new EntryChecker(request);
  // What stopped it: leaving the loop aborts the streams, of which the pipeline may tell instead.
  let own: unknown;
  const consume = async (chunks: AsyncIterable<Uint8Array>): Promise<void> => {
    try {
      for await (const chunk of chunks) {
        checker.add(chunk);
        write(chunk);
      }
      checker.finish();
    } catch (error) {
      own = error;
      throw error;
    }
  };
  try {
    // Copies: the stream may still hold a block when the next one is read.
    const source = Readable.from(copiesOf(packed), { objectMode: false });
    await pipeline(source, createInflateRaw({ chunkSize: inflatedBytes }), consume);
  } catch (error) {
    const cause = own ?? error;
    if (cause instanceof InferError) throw cause;
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw malformed(request.zip, request.entry.headerOffset, `${request.entry.name} does not unpack: ${problem}`);
  }
}

async function* copiesOf(range: ByteRange): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const block of blocksOf(range)) yield Uint8Array.from(block);
}

/** Follows an entry while it unpacks, so that what lies is stopped at once. */
class EntryChecker {
  readonly #request: UnpackRequest;
  #head: Uint8Array | null = new Uint8Array();
  #done = 0;
  #sum = 0;

  constructor(request: UnpackRequest) {
    this.#request = request;
  }

  add(chunk: Uint8Array): void {
    this.#done += chunk.length;
    const { sizeBytes } = this.#request.entry;
    if (this.#done > sizeBytes) throw wrongSize(this.#request, this.#done);
    this.#sum = crc32(chunk, this.#sum);
    if (this.#head === null) return;
    this.#head = Buffer.concat([this.#head, chunk]);
    if (this.#head.length < Math.min(headBytes, sizeBytes)) return;
    this.#request.checkHead(this.#head);
    this.#head = null;
  }

  finish(): void {
    if (this.#done !== this.#request.entry.sizeBytes) throw wrongSize(this.#request, this.#done);
    checkSum(this.#request, this.#sum);
  }
}

function wrongSize({ zip, entry }: UnpackRequest, found: number): Error {
  const more = found > entry.sizeBytes ? 'or more ' : '';
  const problem = `${entry.name} has ${found} bytes ${more}where its directory says ${entry.sizeBytes}`;
  return malformed(zip, entry.headerOffset, problem);
}

function checkSum({ zip, entry }: UnpackRequest, sum: number): void {
  if (sum !== entry.crc32) throw malformed(zip, entry.headerOffset, `${entry.name} does not match its checksum`);
}
