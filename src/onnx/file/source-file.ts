import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { ModelError, UsageError } from '../../errors.ts';
import type { ByteSource } from '../origin.ts';

/** Most that one read(2) returns on Linux: 2^31 - 4096 bytes. */
const largestRead = 2 ** 30;

/** A file opened for reading, at any place. */
export class SourceFile implements ByteSource {
  readonly path: string;
  readonly sizeBytes: number;
  readonly #stats: Stats;
  #handle: number | null;

  /** Throws UsageError when the file cannot be opened. */
  constructor(path: string) {
    this.path = path;
    this.#handle = openForReading(path);
    this.#stats = fstatSync(this.#handle);
    this.sizeBytes = this.#stats.size;
  }

  /** Whether its path leads to this very file still, so that others can be told to read it there. */
  isAtItsPath(): boolean {
    const found = statSync(this.path, { throwIfNoEntry: false });
    return found !== undefined && found.ino === this.#stats.ino && found.dev === this.#stats.dev;
  }

  read(offset: number, length: number): Uint8Array {
    this.#checkRange(offset, length);
    const bytes = uncleared(length);
    this.fill(offset, bytes);
    return bytes;
  }

  fill(offset: number, target: Uint8Array): void {
    this.#checkRange(offset, target.length);
    for (let done = 0; done < target.length;) {
      const count = this.#readInto(target.subarray(done, done + largestRead), offset + done);
      if (count === 0) throw this.#failure(offset + done, 'the file has become shorter meanwhile');
      done += count;
    }
  }

  /** Before memory is taken for it. */
  #checkRange(offset: number, length: number): void {
    if (this.#handle === null) throw this.#failure(offset, 'the file was closed already');
    if (offset + length > this.sizeBytes) throw this.#failure(offset, `${length} bytes are wanted beyond its end`);
  }

  close(): void {
    if (this.#handle !== null) closeSync(this.#handle);
    this.#handle = null;
  }

  #readInto(target: Uint8Array, position: number): number {
    try {
      return readSync(this.#handle ?? -1, target, 0, target.length, position);
    } catch (error) {
      throw unreadable(this.path, error);
    }
  }

  #failure(offset: number, problem: string): ModelError {
    return new ModelError('model-malformed', { path: this.path, offset, problem });
  }
}

/** Memory that is about to be written over: clearing gigabytes first takes time. */
export function uncleared(length: number): Uint8Array {
  return new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
}

function openForReading(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): UsageError {
  const problem = error instanceof Error ? error.message : String(error);
  return new UsageError('file-unreadable', { path, problem }, { cause: error });
}
