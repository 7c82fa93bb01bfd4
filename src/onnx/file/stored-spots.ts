import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import type { Model } from '../model.ts';
import type { ByteSource } from '../origin.ts';
import type { Tensor } from '../tensor.ts';
import { ExternalFile } from './external-file.ts';
import { FileElements } from './file-elements.ts';
import { smallestStoredBytes } from './limits.ts';
import type { FileRange } from './pieces.ts';
import { SourceFile } from './source-file.ts';
import { movableTensors } from './tensors-of.ts';

/** Files that hold the tensors to be left out; null when one of them has been replaced since it was opened. */
export function filesOf(model: Model): readonly (SourceFile | ExternalFile)[] | null {
  const files = new Set<SourceFile | ExternalFile>();
  for (const tensor of movableTensors(model)) {
    const source = spotOf(tensor)?.source;
    if (source === undefined) continue;
    if (!(source instanceof SourceFile || source instanceof ExternalFile)) return null;
    files.add(source);
  }
  return [...files].every((file) => file.isAtItsPath()) ? [...files] : null;
}

/** Where a tensor's elements lie in raw form and in one piece; null for others and for those that are not worth it. */
export function spotOf(tensor: Tensor): FileRange | null {
  const { storage } = tensor;
  if (storage.kind !== 'stored' || !(storage.elements instanceof FileElements)) return null;
  const { encoding, ranges, source } = storage.elements;
  const [range] = ranges;
  if (encoding !== 'raw' || ranges.length !== 1 || range === undefined) return null;
  if (range.length < smallestStoredBytes) return null;
  return { kind: 'range', source, offset: range.offset, length: range.length };
}

/** The folder that all files lie in or below. */
export function homeOf(files: readonly ByteSource[]): string | null {
  const folders = files.map(({ path }) => dirname(realpathSync(path)));
  const home = folders.reduce<string | null>(
    (best, folder) => (best === null || folder.length < best.length ? folder : best),
    null,
  );
  return home !== null && folders.every((folder) => isWithin(home, folder)) ? home : null;
}

function isWithin(home: string, folder: string): boolean {
  const way = relative(home, folder);
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
}
