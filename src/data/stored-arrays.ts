import { join } from 'node:path';
import { DataError } from '../errors.ts';
import { fileSource } from './byte-source.ts';
import { OpenFile } from './open-file.ts';
import type { ScratchFiles } from './scratch-files.ts';
import { checkArray, type OpeningArray, StoredArray } from './stored-array.ts';
import { unpackEntry } from './unpack-entry.ts';
import { arrayEntries } from './npz.ts';
import type { ZipFile } from './zip-directory.ts';

/** Arrays by name, each opened when it is asked for; what is not asked for is never unpacked. */
export interface StoredArrays {
  readonly path: string;
  readonly names: readonly string[];
  /** @throws DataError `data-malformed` or `data-unsupported`, and as `accept` does */
  open(name: string, accept?: OpeningArray['accept']): Promise<StoredArray>;
  /** Never throws. */
  close(): void;
}

/** The arrays of an `.npz` file. @throws DataError, UsageError when it cannot be read */
export function openNpzArrays(path: string, scratch: ScratchFiles): StoredArrays {
  const zip: ZipFile = { source: fileSource(path), path };
  const entries = arrayEntries(zip);
  const file = new OpenFile(path);
  return {
    path,
    names: [...entries.keys()],
    async open(name, accept) {
      const entry = entries.get(name);
      if (!entry) throw missing(path, name, entries.keys());
      const opening = { path: `${path}:${entry.name}`, scratch, accept };
      const checkHead = (head: Uint8Array) => void checkArray(head, entry.sizeBytes, opening);
      return StoredArray.open(await unpackEntry({ zip, file, entry, scratch, checkHead }), opening);
    },
    close: () => file.close(),
  };
}

/** The `.npy` files of a folder. */
export function openNpyFolder(path: string, names: readonly string[], scratch: ScratchFiles): StoredArrays {
  const files: OpenFile[] = [];
  return {
    path,
    names,
    async open(name, accept) {
      if (!names.includes(name)) throw missing(path, name, names);
      const file = new OpenFile(join(path, `${name}.npy`));
      files.push(file);
      return StoredArray.open(file, { path: file.path, scratch, accept });
    },
    close: () => files.forEach((file) => file.close()),
  };
}

function missing(path: string, input: string, found: Iterable<string>): DataError {
  return new DataError('data-missing-input', { path, input, found: [...found] });
}
