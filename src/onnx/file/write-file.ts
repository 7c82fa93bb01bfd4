import { writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unwritable } from '../../errors.ts';
import type { Piece } from './pieces.ts';
import { chunksOf } from './pieces.ts';
import { removeLeftovers, temporaryName } from './scratch-names.ts';
import type { Workplace } from './workplace.ts';

/** Leftovers of killed processes may be in the way; so many are none. */
const mostLeftovers = 1000;

/** Chunks after which others may run: signals reach us in between. */
const chunksAtOnce = 64;

export interface WriteOptions {
  /** The file that the user named, for messages. */
  readonly path: string;
  readonly signal: AbortSignal | undefined;
}

export interface TemporaryOptions extends WriteOptions {
  /** Permissions of the file that it is to replace; undefined for those of any new file. */
  readonly mode: number | undefined;
  /** Names the file after its process, and removes what killed ones have left beside it. */
  readonly workplace?: Workplace | undefined;
}

/**
 * Writes pieces to a new file in a folder, down to the disk, and returns its path, to be renamed. Nothing is left of it
 * after an error: UsageError 'output-unwritable', the signal's reason, or whatever reading the pieces threw.
 */
export async function writeTemporary(
  folder: string,
  pieces: Iterable<Piece>,
  options: TemporaryOptions,
): Promise<string> {
  // Without the file's own name, which may be as long as a name can be.
  const { workplace } = options;
  if (workplace !== undefined) removeLeftovers(folder, workplace);
  const pathOf = (index: number) => join(folder, temporaryName(workplace?.owner, index));
  const { path, handle } = await createNew(pathOf, options.path, options.mode);
  await writeOrRemove(path, writeTo(handle, pieces, { ...options, isDurable: true }));
  return path;
}

/** Writes pieces to a new file that only this process needs, under the first free one of its names. */
export async function writeScratch(pathOf: (index: number) => string, pieces: Iterable<Piece>): Promise<string> {
  const { path, handle } = await createNew(pathOf, pathOf(0));
  await writeOrRemove(path, writeTo(handle, pieces, { path, signal: undefined, isDurable: false }));
  return path;
}

/** Writes pieces into what cannot be replaced by another file: a pipe or a device. Throws as writeTemporary does. */
export async function writeInto(path: string, pieces: Iterable<Piece>, options: WriteOptions): Promise<void> {
  await writeTo(await onDisk(path, open(path, 'w')), pieces, { ...options, isDurable: false });
}

/** Runs an access to the disk; its error becomes UsageError 'output-unwritable'. */
export async function onDisk<T>(path: string, access: Promise<T>): Promise<T> {
  try {
    return await access;
  } catch (error) {
    throw unwritable(path, error);
  }
}

async function writeOrRemove(path: string, writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function createNew(
  pathOf: (index: number) => string,
  named: string,
  mode?: number,
): Promise<{ readonly path: string; readonly handle: FileHandle }> {
  for (let index = 0; ; index++) {
    try {
      return { path: pathOf(index), handle: await open(pathOf(index), 'wx', mode) };
    } catch (error) {
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      if (!isTaken || index >= mostLeftovers) throw unwritable(named, error);
    }
  }
}

/** Synchronous reads and writes: on chunks that are in the cache, each trip to another thread would cost as much. */
async function writeTo(
  handle: FileHandle,
  pieces: Iterable<Piece>,
  { path, signal, isDurable }: WriteOptions & { readonly isDurable: boolean },
): Promise<void> {
  let chunks = 0;
  try {
    for (const chunk of chunksOf(pieces, { reuse: true })) {
      signal?.throwIfAborted();
      writeFully(handle.fd, chunk, path);
      if (++chunks % chunksAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    signal?.throwIfAborted();
    if (isDurable) await onDisk(path, handle.sync());
  } finally {
    await handle.close();
  }
}

function writeFully(file: number, chunk: Uint8Array, path: string): void {
  try {
    for (let at = 0; at < chunk.length;) at += writeSync(file, chunk, at);
  } catch (error) {
    throw unwritable(path, error);
  }
}
