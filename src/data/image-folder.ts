import { type Dirent, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unreadable } from './data-file.ts';

/** Images of a dataset; those of a class lie in a folder of its name. */
export interface ImageFolder {
  readonly files: readonly string[];
  /** Class of each file, by its position in `classNames`; null where the images lie in one folder. */
  readonly classes: Uint32Array | null;
  readonly classNames: readonly string[] | null;
}

/**
 * Lists a folder of images, or of a folder a class as torchvision's ImageFolder takes it: classes are counted in the
 * order of their names, `10` after `9`, folders without images included. Null when there are no images.
 */
export function listImages(path: string): ImageFolder | null {
  const own = imagesIn(path, namesIn(path));
  if (own.length > 0) return { files: own, classes: null, classNames: null };
  const classNames = namesIn(path, 'folders');
  const groups = classNames.map((name) => imagesIn(join(path, name), namesIn(join(path, name), 'all below')));
  const files = groups.flat();
  if (files.length === 0) return null;
  const classes = new Uint32Array(files.length);
  let at = 0;
  groups.forEach((group, index) => {
    classes.fill(index, at, at + group.length);
    at += group.length;
  });
  return { files, classes, classNames };
}

/** Whether a file's name is one of an image that is read. */
function isImage(name: string): boolean {
  return /\.(png|jpe?g|webp)$/i.test(name) && !basename(name).startsWith('.');
}

function imagesIn(folder: string, names: readonly string[]): readonly string[] {
  return names.filter(isImage).map((name) => join(folder, name));
}

function namesIn(folder: string, which: 'files' | 'folders' | 'all below' = 'files'): readonly string[] {
  const { compare } = new Intl.Collator('en', { numeric: true });
  try {
    if (which === 'all below') return readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted(compare);
    const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
    const wanted = entries.filter((entry) => isFolder(folder, entry) === (which === 'folders'));
    return wanted.map(({ name }) => name).toSorted(compare);
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

function isFolder(parent: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  return statSync(join(parent, entry.name), { throwIfNoEntry: false })?.isDirectory() === true;
}
