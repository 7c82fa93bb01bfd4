import { mkdirSync, realpathSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';
import { unwritable } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { Workplace } from '../onnx/file/workplace.ts';
import { onDisk, writeInto, writeTemporary } from '../onnx/file/write-file.ts';
import { writeNpy } from './write-npy.ts';
import { directoryRecord, endRecords, localRecord, narrowLimit, type PackedFile } from './zip-records.ts';

const deflateAsync = promisify(deflateRaw);

export interface WriteNpzOptions {
  /** Deflates the arrays, as `numpy.savez_compressed` does; stored by default. */
  readonly compress?: boolean;
  /** Sizes from here on are written in zip64; there is no reason for another but to see that it works. */
  readonly wideFrom?: number;
  /** Lets what killed processes have left in the folder be removed. */
  readonly workplace?: Workplace;
}

/**
 * Writes arrays into an `.npz` file as `numpy.savez` does, under a temporary name that is then changed. The same arrays
 * give the same bytes.
 * @throws UsageError `output-unwritable`; RangeError for types that numpy has no name for
 */
export async function writeNpz(path: string, entries: NamedTensors, options: WriteNpzOptions = {}): Promise<void> {
  await replaceFile(path, await archive(entries, options), options);
}

async function archive(
  entries: NamedTensors,
  { compress = false, wideFrom = narrowLimit }: WriteNpzOptions,
): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  const files: PackedFile[] = [];
  let offset = 0;
  for (const [name, tensor] of Object.entries(entries)) {
    const bytes = writeNpy(tensor);
    const packed = compress ? await deflateAsync(bytes) : bytes;
    const file = {
      name: `${name}.npy`,
      method: compress ? 8 : 0,
      crc32: crc32(bytes),
      sizeBytes: bytes.length,
      packedBytes: packed.length,
      headerOffset: offset,
    };
    const header = localRecord(file, wideFrom);
    files.push(file);
    pieces.push(header, packed);
    offset += header.length + packed.length;
  }
  const directory = files.map((file) => directoryRecord(file, wideFrom));
  const sizeBytes = directory.reduce((sum, { length }) => sum + length, 0);
  return [...pieces, ...directory, endRecords({ count: files.length, offset, sizeBytes }, wideFrom)];
}

/** A pipe or device stays what it is, and a link goes on pointing to its file. */
async function replaceFile(
  path: string,
  pieces: readonly Uint8Array[],
  { workplace }: Pick<WriteNpzOptions, 'workplace'>,
): Promise<void> {
  const target = targetOf(path);
  if (target === null) return writeInto(path, pieces, { path, signal: undefined });
  const options = { path, signal: undefined, mode: target.mode, workplace };
  const temporary = await writeTemporary(dirname(target.path), pieces, options);
  try {
    await onDisk(path, rename(temporary, target.path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The file to replace; null for what cannot be replaced. */
function targetOf(path: string): { readonly path: string; readonly mode: number | undefined } | null {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { path, mode: undefined };
    return stats.isFile() || stats.isDirectory() ? { path: realpathSync(path), mode: stats.mode & 0o777 } : null;
  } catch (error) {
    throw unwritable(path, error);
  }
}
