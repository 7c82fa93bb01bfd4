import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { unwritable } from '../../errors.ts';
import type { Workplace } from './workplace.ts';

/** Name of a file that goes with its process. */
export function scratchName(owner: string, index: number): string {
  return `.infer-${owner}-${index}.onnx`;
}

/** Name of a file that is to be renamed when it is complete; without an owner nobody can tell when it is a leftover. */
export function temporaryName(owner: string | undefined, index: number): string {
  return owner === undefined ? `.infer-${index}.tmp` : `.infer-${owner}-${index}.tmp`;
}

/** Makes a folder that goes with its process. Throws UsageError 'output-unwritable'. */
export function makeScratchFolder(parent: string, owner: string): string {
  try {
    return mkdtempSync(join(parent, `.infer-${owner}-`));
  } catch (error) {
    throw unwritable(parent, error);
  }
}

const scratch = /^\.infer-([a-z0-9-]+)-(?:\d+\.(?:onnx|tmp)|[A-Za-z0-9]{6})$/;

/** Removes what processes that were killed have left in a folder. */
export function removeLeftovers(folder: string, workplace: Workplace): void {
  for (const name of namesIn(folder)) {
    const owner = scratch.exec(name)?.[1];
    if (owner !== undefined && owner !== workplace.owner && workplace.isGone(owner)) removeQuietly(join(folder, name));
  }
}

/** Removes a file or folder, or leaves it to others where that is forbidden. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch {
    // Nobody can do anything about it: it is a leftover then.
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
