import { close, openSync, read, readSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { DataError, InferError, UsageError } from '../errors.ts';
import type { ByteRange } from './byte-range.ts';
import { irregular, unreadable } from './data-file.ts';

const readAsync = promisify(read);

/** From here on a read goes to another thread: below, the way there takes longer than the read from the cache. */
const threadBytes = 2 ** 16;

/** A file that stays open, read by position. */
export class OpenFile implements ByteRange {
  readonly path: string;
  readonly sizeBytes: number;
  readonly #file: number;
  #isOpen = true;

  /** @throws UsageError `file-missing`, `file-unreadable` or `is-directory`; DataError `data-unsupported` for pipes */
  constructor(path: string) {
    try {
      const stats = statSync(path);
      if (stats.isDirectory()) throw new UsageError('is-directory', { path, what: 'data file' });
      // Opening a pipe waits for whoever writes to it.
      if (!stats.isFile()) throw irregular(path);
      this.#file = openSync(path, 'r');
      this.sizeBytes = stats.size;
    } catch (cause) {
      throw cause instanceof InferError ? cause : unreadable(path, cause);
    }
    this.path = path;
  }

  async readInto(target: Uint8Array, offset: number): Promise<void> {
    let done = 0;
    while (done < target.length) {
      const part = { offset: done, length: target.length - done, position: offset + done };
      const got = await this.#read(target, part);
      if (got === 0) throw this.#ended(offset + done);
      done += got;
    }
  }

  #read(target: Uint8Array, part: { offset: number; length: number; position: number }): number | Promise<number> {
    try {
      if (part.length < threadBytes) return readSync(this.#file, target, part);
    } catch (cause) {
      throw unreadable(this.path, cause);
    }
    return readAsync(this.#file, target, part.offset, part.length, part.position).then(
      ({ bytesRead }) => bytesRead,
      (cause: unknown) => {
        throw unreadable(this.path, cause);
      },
    );
  }

  #ended(offset: number): DataError {
    return new DataError('data-malformed', { path: this.path, offset, problem: 'the file ends too early' });
  }

  /** Never throws: what was read is read. Once is enough: its number may be another file's by the second time. */
  close(): void {
    if (this.#isOpen) close(this.#file, () => undefined);
    this.#isOpen = false;
  }
}
