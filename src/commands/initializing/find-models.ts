import type { Dirent } from 'node:fs';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lfsPointerIn } from '../gating/lfs-pointer.ts';

export interface FoundModel {
  /** From the folder that was searched, with `/`. */
  readonly path: string;
  /** Of the model itself, where Git LFS has left a pointer in its place. */
  readonly sizeBytes: number;
  readonly isPointer: boolean;
}

/** The models among the files below a folder, the largest first. */
export function modelsAmong(paths: readonly string[], folder: string): readonly FoundModel[] {
  const found = [...new Set(paths)].filter(isModel).flatMap((path) => lookAt(path, folder));
  return found.toSorted((a, b) => b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : 1));
}

/** Installed packages bring models that nobody here can change; git cannot name a path with `\` to a command. */
function isModel(path: string): boolean {
  return /\.onnx$/i.test(path) && !path.includes('\\') && !path.split('/').includes('node_modules');
}

function lookAt(path: string, folder: string): readonly FoundModel[] {
  const file = join(folder, path);
  // Git knows files that are gone, and links.
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isFile() !== true) return [];
  const pointer = lfsPointerIn(file);
  return [{ path, sizeBytes: pointer?.sizeBytes ?? stats.size, isPointer: pointer !== null }];
}

/** All files below a folder that is in no repository; hidden folders and what npm installed are left out. */
export function filesBelow(folder: string): readonly string[] {
  const pending = [''];
  const files: string[] = [];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (const entry of entriesOf(join(folder, at))) {
      const path = `${at}${entry.name}`;
      if (entry.isFile()) files.push(path);
      if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') pending.push(`${path}/`);
    }
  }
  return files;
}

/** A folder that may not be looked into holds nothing for us. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
