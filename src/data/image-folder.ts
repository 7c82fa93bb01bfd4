import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../errors.ts';
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
 * order of their names, `10` after `9`, folders without images included. Links are followed, what is hidden or another
 * file is left out. Null when there are no images.
 * @throws DataError `data-unsupported` where images lie beside folders of them
 */
export function listImages(path: string): ImageFolder | null {
  const { images, folders } = entriesOf(path);
  const groups = folders.map((name) => inOrder(imagesBelow(join(path, name))));
  if (images.length > 0) {
    const beside = folders.filter((_, i) => (groups[i]?.length ?? 0) > 0);
    if (beside.length > 0) throw mixed(path, images, beside);
    return { files: inOrder(images).map((name) => join(path, name)), classes: null, classNames: null };
  }
  const files = groups.flat();
  if (files.length === 0) return null;
  const classes = new Uint32Array(files.length);
  let at = 0;
  groups.forEach((group, index) => {
    classes.fill(index, at, at + group.length);
    at += group.length;
  });
  return { files, classes, classNames: folders };
}

function mixed(path: string, images: readonly string[], folders: readonly string[]): DataError {
  const named = folders.slice(0, 3).join(', ') + (folders.length > 3 ? ', …' : '');
  const problem = `images such as ${images[0]} lie beside folders of images (${named})`;
  return new DataError('data-unsupported', {
    path,
    problem: `${problem}; move them into the folders of their classes`,
  });
}

/** Whether a file's name is one of an image that is read. */
function isImage(name: string): boolean {
  return /\.(png|jpe?g|webp)$/i.test(name);
}

/** Paths of all images in a folder and those in it. A link to a folder around itself leads nowhere new. */
function imagesBelow(folder: string, around: readonly string[] = []): readonly string[] {
  const own = placeOf(folder);
  if (around.includes(own)) return [];
  const { images, folders } = entriesOf(folder);
  const below = folders.flatMap((name) => imagesBelow(join(folder, name), [...around, own]));
  return [...images.map((name) => join(folder, name)), ...below];
}

interface Entries {
  readonly images: readonly string[];
  /** In order. */
  readonly folders: readonly string[];
}

function entriesOf(folder: string): Entries {
  const entries = visibleIn(folder).map((entry) => ({ name: entry.name, kind: kindOf(folder, entry) }));
  const named = (isWanted: (kind: Dirent | Stats | undefined) => boolean | undefined) =>
    entries.filter(({ kind }) => isWanted(kind)).map(({ name }) => name);
  return {
    images: named((kind) => kind?.isFile()).filter(isImage),
    folders: inOrder(named((kind) => kind?.isDirectory())),
  };
}

function placeOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

function visibleIn(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

/** What a link points to; undefined where there is nothing. */
function kindOf(folder: string, entry: Dirent): Dirent | Stats | undefined {
  return entry.isSymbolicLink() ? statSync(join(folder, entry.name), { throwIfNoEntry: false }) : entry;
}

function inOrder(names: readonly string[]): readonly string[] {
  return names.toSorted(new Intl.Collator('en', { numeric: true }).compare);
}
