import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { ModelError } from '../../errors.ts';
import type { ByteSource } from '../origin.ts';
import { uncleared } from './source-file.ts';

const hashChunkBytes = 2 ** 20;
const largestRead = 2 ** 30;

/** The path has been resolved, so a link at its end was put there since; a pipe put there must not make reading wait. */
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

export interface ExternalFileOptions {
  /** With every link followed. */
  readonly path: string;
  readonly modelPath: string;
  readonly location: string;
  /** First tensor that lies in it, for messages. */
  readonly tensor: string;
  /** Called before it opens, so that others can close. */
  readonly onOpen: (file: ExternalFile) => void;
}

/** A data file beside a model. Opened when it is first read; what is read then is the file that was found at first. */
export class ExternalFile implements ByteSource {
  readonly path: string;
  readonly location: string;
  readonly sizeBytes: number;
  readonly #options: ExternalFileOptions;
  readonly #found: Stats;
  readonly #verified = new Set<string>();
  #handle: number | null = null;

  /** Throws ModelError for anything but a regular file of one name. */
  constructor(options: ExternalFileOptions) {
    this.#options = options;
    this.path = options.path;
    this.location = options.location;
    this.#found = this.#trying(() => statSync(options.path));
    this.sizeBytes = this.#found.size;
    this.#check(this.#found);
  }

  /** Whether its path leads to this very file still, so that others can be told to read it there. */
  isAtItsPath(): boolean {
    const found = statSync(this.path, { throwIfNoEntry: false });
    return found !== undefined && found.ino === this.#found.ino && found.dev === this.#found.dev;
  }

  read(offset: number, length: number): Uint8Array {
    const bytes = uncleared(length);
    this.fill(offset, bytes);
    return bytes;
  }

  fill(offset: number, target: Uint8Array): void {
    const handle = this.#open();
    if (offset + target.length > this.sizeBytes) throw this.failure(`it ends at byte ${this.sizeBytes}`);
    for (let done = 0; done < target.length;) {
      const rest = target.subarray(done, done + largestRead);
      const count = this.#trying(() => readSync(handle, rest, 0, rest.length, offset + done));
      if (count === 0) throw this.failure('it has become shorter meanwhile');
      done += count;
    }
  }

  /** Compares the whole file with a SHA-1 in hex; only the first time. Throws ModelError when they differ. */
  verify(checksum: string): void {
    const wanted = checksum.toLowerCase();
    if (this.#verified.has(wanted)) return;
    const hash = createHash('sha1');
    const chunk = uncleared(hashChunkBytes);
    for (let offset = 0; offset < this.sizeBytes; offset += chunk.length) {
      const part = chunk.subarray(0, this.sizeBytes - offset);
      this.fill(offset, part);
      hash.update(part);
    }
    const found = hash.digest('hex');
    if (found !== wanted) throw this.failure(`its SHA-1 is ${found}, the model says ${checksum}`);
    this.#verified.add(wanted);
  }

  close(): void {
    if (this.#handle !== null) closeSync(this.#handle);
    this.#handle = null;
  }

  failure(problem: string): ModelError {
    const { modelPath, location, tensor } = this.#options;
    return new ModelError('model-external-data', { path: modelPath, tensor, location, problem });
  }

  #open(): number {
    if (this.#handle !== null) return this.#handle;
    this.#options.onOpen(this);
    const handle = this.#trying(() => openSync(this.path, openFlags));
    this.#handle = handle;
    const stats = fstatSync(handle);
    const { dev, ino, size } = this.#found;
    this.#check(stats);
    if (stats.dev !== dev || stats.ino !== ino || stats.size !== size) throw this.failure('it was replaced meanwhile');
    return handle;
  }

  #check(stats: Stats): void {
    if (!stats.isFile()) throw this.failure('it is no regular file');
    // Another name of the same file may lie anywhere.
    if (stats.nlink > 1)
      throw this.failure("it is a hard link, which may lead out of the model's folder; put a copy in its place");
  }

  #trying<T>(access: () => T): T {
    try {
      return access();
    } catch (error) {
      throw this.failure(error instanceof Error ? error.message : String(error));
    }
  }
}
