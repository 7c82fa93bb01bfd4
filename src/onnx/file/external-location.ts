import { lstatSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';

/**
 * Why a location could lead out of the model's folder, by its spelling alone; null when it cannot. On every platform
 * the same: a model that is fine on one must not be an attack on another.
 */
export function problemOfSpelling(location: string): string | null {
  if (location === '') return 'the location is empty';
  if (location.includes('\0')) return 'the location holds a NUL character';
  if (location.includes('\\')) return 'the location holds a backslash; ONNX writes paths with /';
  if (location.startsWith('/') || /^[A-Za-z]:/.test(location)) return 'the location is an absolute path';
  if (location.split('/').includes('..')) return "the location leads out of the model's folder through '..'";
  return null;
}

/**
 * The real path of a data file, or why it may not be read. It must lie in the model's folder with all links followed.
 * Hugging Face's cache is let through too: there the model and its data are links into one folder of blobs.
 */
export function resolveLocation(
  modelPath: string,
  location: string,
): { readonly path: string } | { readonly problem: string } {
  const folder = dirname(modelPath);
  const file = join(folder, location);
  try {
    const path = realpathSync(file);
    if (isInside(realpathSync(folder), path)) return { path };
    if (isLink(modelPath) && isLink(file) && isInside(dirname(realpathSync(modelPath)), path)) return { path };
    return { problem: `a link leads out of the model's folder, to ${path}` };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !isAbsolute(way) && way.split(sep)[0] !== '..';
}

function isLink(path: string): boolean {
  return lstatSync(path).isSymbolicLink();
}

function problemOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return 'there is no such file; it belongs into the same folder as the model';
  return error instanceof Error ? error.message : String(error);
}
