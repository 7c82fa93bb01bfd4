import { existsSync, realpathSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../../errors.ts';
import type { Model } from '../model.ts';
import type { Piece } from './pieces.ts';
import type { ExternalData, SavePlan } from './save-plan.ts';
import { planSave } from './save-plan.ts';
import type { SaveTarget } from './save-target.ts';
import { findTarget } from './save-target.ts';
import type { Workplace } from './workplace.ts';
import { onDisk, writeInto, writeTemporary } from './write-file.ts';

export interface SaveOptions {
  /** `auto` by default. */
  readonly externalData?: ExternalData;
  /** Stops between two chunks; what was written is removed. */
  readonly signal?: AbortSignal;
  /** Lets what killed processes have left in the folder be removed. */
  readonly workplace?: Workplace;
}

export interface SavedModel {
  readonly path: string;
  readonly sizeBytes: number;
  /** The data file written beside it; null when none was, also when one that was there already is used further. */
  readonly dataPath: string | null;
  readonly dataBytes: number;
}

/**
 * Writes a model of any size: what was not edited is copied from the files it is in, a few chunks of 1 MiB at a time.
 * Everything is written under temporary names and renamed when it is complete, so a model can be saved over the file
 * it was opened from. Throws UsageError 'output-unwritable', ModelError when the source cannot be read any more or the
 * file would be too large, or the signal's reason; nothing is left behind then.
 */
export async function saveModel(model: Model, path: string, options: SaveOptions = {}): Promise<SavedModel> {
  options.signal?.throwIfAborted();
  const target = findTarget(path, model);
  const plan = planSave(model, target, options.externalData ?? 'auto');
  const isReplaceable = target.stats === undefined || target.stats.isFile();
  if (isReplaceable) await replaceFiles(target, plan, options);
  else await writePipe(target, plan, options.signal);
  const dataPath = plan.data && join(dirname(path), plan.data.location);
  return { path, sizeBytes: plan.fileBytes, dataPath, dataBytes: plan.data?.sizeBytes ?? 0 };
}

async function writePipe({ path }: SaveTarget, plan: SavePlan, signal: AbortSignal | undefined): Promise<void> {
  if (plan.needsFolder)
    throw new UsageError('output-unwritable', {
      path,
      problem: 'a data file needs a model file that it can lie beside',
    });
  await writeInto(path, plan.file, { path, signal });
}

const permissionBits = 0o777;

/** Both files are complete before the first is renamed: a full disk must not leave new data beside an old model. */
async function replaceFiles(
  target: SaveTarget,
  plan: SavePlan,
  { signal, workplace }: Pick<SaveOptions, 'signal' | 'workplace'>,
): Promise<void> {
  const { path } = target;
  const file = fileOf(target, plan);
  const mode = target.stats && target.stats.mode & permissionBits;
  const leftovers: string[] = [];
  const write = async (folder: string, named: string, pieces: readonly Piece[]) => {
    const temporary = await writeTemporary(folder, pieces, { path: named, signal, mode, workplace });
    leftovers.push(temporary);
    return temporary;
  };
  try {
    const data = plan.data && { path: join(target.folder, plan.data.location), pieces: plan.data.pieces };
    const temporaryData = data && (await write(target.folder, data.path, data.pieces));
    const temporary = await write(dirname(file), path, plan.file);
    if (data !== null && temporaryData !== null) {
      if (!existsSync(data.path)) leftovers.push(data.path);
      await onDisk(data.path, rename(temporaryData, data.path));
    }
    await onDisk(path, rename(temporary, file));
  } catch (error) {
    for (const leftover of leftovers) await rm(leftover, { force: true });
    throw error;
  }
}

/** A link goes on pointing to its file, unless data lie beside the link: they would not be found from there. */
function fileOf({ path, folder, stats }: SaveTarget, { needsFolder }: SavePlan): string {
  return stats === undefined || needsFolder ? join(folder, basename(path)) : realpathSync(path);
}
