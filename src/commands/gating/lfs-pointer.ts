import { readFileSync, statSync } from 'node:fs';

/** What Git LFS leaves in the place of a large file. */
export interface LfsPointer {
  readonly sizeBytes: number;
}

/** A pointer has three lines, and by its specification less than 1,024 bytes. */
const largestPointer = 1024;

/** The pointer that a file is; null for any other content. Format: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
export function lfsPointerIn(path: string): LfsPointer | null {
  if (statSync(path).size >= largestPointer) return null;
  const text = readFileSync(path, 'latin1');
  const size = /^size (\d+)$/m.exec(text)?.[1];
  return text.startsWith('version https://git-lfs') && size !== undefined ? { sizeBytes: Number(size) } : null;
}
