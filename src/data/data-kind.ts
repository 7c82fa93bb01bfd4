import { readdirSync, type Stats, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DataError } from '../errors.ts';
import { irregular, unreadable } from './data-file.ts';
import { type ImageFolder, listImages } from './image-folder.ts';
import { isTestSetFile } from './test-set-samples.ts';

/** What lies at a path given for data. */
export type DataKind =
  | { readonly kind: 'npz' }
  | { readonly kind: 'jsonl' }
  /** Arrays by the names of their `.npy` files. */
  | { readonly kind: 'npy folder'; readonly names: readonly string[] }
  | { readonly kind: 'test sets'; readonly folders: readonly string[] }
  | { readonly kind: 'images'; readonly folder: ImageFolder };

/**
 * Tells what kind of data a file or folder holds.
 * @param supported what the caller reads, for errors
 * @throws DataError `data-missing`, `data-unsupported`; UsageError `file-missing`, `file-unreadable`
 */
export function dataKindOf(path: string, supported: string): DataKind {
  const stats = statsOf(path);
  if (!stats.isDirectory()) {
    if (!stats.isFile()) throw irregular(path);
    if (/\.npz$/i.test(path)) return { kind: 'npz' };
    if (/\.(jsonl|ndjson)$/i.test(path)) return { kind: 'jsonl' };
    throw unsupportedData(path, `${basename(path)} is of no kind that is read`, supported);
  }
  const files = list(path).filter((file) => !file.startsWith('.'));
  if (files.some(isTestSetFile)) return { kind: 'test sets', folders: [path] };
  const sets = files.filter((file) => isFolder(join(path, file)) && list(join(path, file)).some(isTestSetFile));
  if (sets.length > 0) return { kind: 'test sets', folders: sets.map((set) => join(path, set)) };
  const names = files.filter((file) => file.endsWith('.npy')).map((file) => file.slice(0, -'.npy'.length));
  if (names.length > 0) return { kind: 'npy folder', names };
  if (files.length === 0) throw new DataError('data-missing', { path, problem: 'the folder is empty' });
  const folder = listImages(path);
  if (folder !== null) return { kind: 'images', folder };
  throw unsupportedData(path, 'the folder has none of these', supported);
}

/** The error for data that are not read, with what is. */
export function unsupportedData(path: string, problem: string, supported: string): DataError {
  return new DataError('data-unsupported', { path, problem: `${problem}; ${supported}` });
}

/** Names in a folder, `set_10` after `set_9`. */
function list(folder: string): readonly string[] {
  try {
    const { compare } = new Intl.Collator('en', { numeric: true });
    return readdirSync(folder).toSorted(compare);
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

/** A link that leads nowhere is none. */
function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function statsOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}
