import { join } from 'node:path';
import type { RunnableFile } from './runnable-file.ts';
import { removeOnDispose } from './runnable-file.ts';
import { makeScratchFolder, removeLeftovers } from './scratch-names.ts';
import type { Workplace } from './workplace.ts';

/**
 * A place for a file that somebody else is to write, in a temporary folder of its own: what is put beside it goes with
 * it. Throws UsageError 'output-unwritable'.
 */
export function scratchFile(workplace: Workplace, name: string): RunnableFile {
  removeLeftovers(workplace.temporaryFolder, workplace);
  const folder = makeScratchFolder(workplace.temporaryFolder, workplace.owner);
  return removeOnDispose(join(folder, name), [folder], workplace);
}
