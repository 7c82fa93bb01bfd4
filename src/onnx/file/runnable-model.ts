import { statSync } from 'node:fs';
import { join } from 'node:path';
import { ModelError } from '../../errors.ts';
import type { Model } from '../model.ts';
import { inlining, planData } from './data-plan.ts';
import { modelPieces } from './encode-model.ts';
import { openModel } from './open-model.ts';
import { lengthOf } from './pieces.ts';
import type { RunnableFile } from './runnable-file.ts';
import { lastingFile, removeOnDispose } from './runnable-file.ts';
import { saveModel } from './save-model.ts';
import { largestFileBytes } from './save-plan.ts';
import { makeScratchFolder, removeLeftovers, removeQuietly } from './scratch-names.ts';
import { writeSkeleton } from './skeleton.ts';
import type { Workplace } from './workplace.ts';
import { writeScratch } from './write-file.ts';

/**
 * A file by which onnxruntime can open a model: the model itself, or, since onnxruntime refuses files beyond 2 GiB, a
 * small one whose data file is the model. `largestBytes` is that limit. Throws ModelError 'model-too-large' where no
 * such file can be written, and what openModel throws.
 */
export async function runnableModel(
  path: string,
  workplace: Workplace,
  { largestBytes = largestFileBytes }: { readonly largestBytes?: number } = {},
): Promise<RunnableFile> {
  const sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (sizeBytes <= largestBytes) return lastingFile(path);
  const opened = openModel(path);
  try {
    const skeleton = await writeSkeleton(opened.model, { workplace, near: null });
    if (skeleton !== null) return skeleton;
    const problem = 'neither into its folder nor elsewhere on its volume can the small file be written that it takes';
    throw new ModelError('model-too-large', { path, sizeBytes, problem });
  } finally {
    opened.close();
  }
}

export interface WriteRunnableOptions {
  readonly workplace: Workplace;
  /** Folder for copies of large tensors, should they be needed; null for that of temporary files. */
  readonly near: string | null;
  /** Models up to this size are written whole. */
  readonly wholeBytes?: number;
}

/** Copying less is no slower than writing a skeleton and opening two files. */
const usualWholeBytes = 2 ** 26;

/**
 * Writes an edited model so that onnxruntime can open it: small ones whole, of others what was edited, while tensors
 * stay in the files they are in. Only where these lie apart, or in a folder that cannot be written to, all is copied.
 * Throws UsageError 'output-unwritable' when there is no place for that, ModelError when a tensor cannot be read.
 */
export async function writeRunnable(model: Model, options: WriteRunnableOptions): Promise<RunnableFile> {
  const { workplace, near, wholeBytes = usualWholeBytes } = options;
  const pieces = modelPieces(model, planData(model, { locate: () => '', fateOf: inlining }).layout);
  if (lengthOf(pieces) <= wholeBytes)
    return inScratchFolder(workplace.temporaryFolder, workplace, async (path) => {
      await writeScratch(() => path, pieces);
    });
  const skeleton = await writeSkeleton(model, { workplace, near });
  if (skeleton !== null) return skeleton;
  return inScratchFolder(near ?? workplace.temporaryFolder, workplace, async (path) => {
    await saveModel(model, path);
  });
}

async function inScratchFolder(
  parent: string,
  workplace: Workplace,
  write: (path: string) => Promise<void>,
): Promise<RunnableFile> {
  removeLeftovers(parent, workplace);
  const folder = makeScratchFolder(parent, workplace.owner);
  try {
    const path = join(folder, 'model.onnx');
    await write(path);
    return removeOnDispose(path, [folder], workplace);
  } catch (error) {
    removeQuietly(folder);
    throw error;
  }
}
