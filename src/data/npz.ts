import { DataError } from '../errors.ts';
import type { DenseTensor } from '../onnx/dense-tensor.ts';
import { type ByteSource, fileSource } from './byte-source.ts';
import { decodeNpy } from './npy.ts';
import { malformed, readZipDirectory, type ZipEntry, type ZipFile } from './zip-directory.ts';
import { readZipEntry } from './zip-entry.ts';

/** Named arrays in one file, as `numpy.savez` and `savez_compressed` write them: a zip archive of `.npy` files. */
export interface NpzArchive {
  readonly names: readonly string[];
  /** Unpacks one array. @throws DataError when the entry is damaged or of a kind not read. */
  read(name: string): DenseTensor;
}

/** Opens an `.npz` file; arrays are read when asked for. @throws DataError */
export function openNpz(path: string): NpzArchive {
  return readNpz(fileSource(path), path);
}

/** The same from any source of bytes. @param path names the archive in errors. */
export function readNpz(source: ByteSource, path: string): NpzArchive {
  const zip: ZipFile = { source, path };
  const entries = arrayEntries(zip);
  return {
    names: [...entries.keys()],
    read(name) {
      const entry = entries.get(name);
      if (!entry) throw new DataError('data-missing-input', { path, input: name, found: [...entries.keys()] });
      return decodeNpy(readZipEntry(zip, entry), `${path}:${entry.name}`);
    },
  };
}

/** The `.npy` files of an archive by the names of their arrays. @throws DataError `data-malformed` for two of one name */
export function arrayEntries(zip: ZipFile): ReadonlyMap<string, ZipEntry> {
  const entries = new Map<string, ZipEntry>();
  for (const entry of readZipDirectory(zip)) {
    if (!entry.name.endsWith('.npy')) continue;
    const name = entry.name.slice(0, -'.npy'.length);
    if (entries.has(name)) throw malformed(zip, entry.headerOffset, `two arrays are named ${name}`);
    entries.set(name, entry);
  }
  return entries;
}
