import { readFileSync, rmSync } from 'node:fs';
import { unwritable } from '../errors.ts';
import { checkWritable, writeAtomically } from './write-atomically.ts';

/** A file that `infer init` would have so. */
export interface WantedFile {
  readonly path: string;
  /** As people see it: from the working directory. */
  readonly shown: string;
  readonly text: string;
}

/** `differs`: it is there and says something else. `kept`: what is there serves. */
export type FileState = 'new' | 'same' | 'differs' | 'kept';

export interface PlannedFile extends WantedFile {
  readonly state: FileState;
  /** What the file holds; null where there is none. */
  readonly before: string | null;
}

/** Holds a file against what is there. */
export function planFile(wanted: WantedFile): PlannedFile {
  const before = textOf(wanted.path);
  if (before === null) return { ...wanted, before, state: 'new' };
  // A checkout on Windows has other line ends, which are no difference.
  const isSame = before.replaceAll('\r\n', '\n') === wanted.text;
  return { ...wanted, before, state: isSame ? 'same' : 'differs' };
}

/** The text of a file; null where there is none. Throws UsageError for anything that is no readable file. */
export function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw unwritable(path, error);
  }
}

/** Writes all of the files or none: what is written when another cannot be is taken back. Throws UsageError. */
export function writeFiles(files: readonly PlannedFile[]): void {
  for (const { path } of files) checkWritable(path);
  const written: PlannedFile[] = [];
  try {
    for (const file of files) {
      writeAtomically(file.path, file.text);
      written.push(file);
    }
  } catch (error) {
    for (const file of written) takeBack(file);
    throw error;
  }
}

function takeBack({ path, before }: PlannedFile): void {
  if (before === null) rmSync(path, { force: true });
  else writeAtomically(path, before);
}
