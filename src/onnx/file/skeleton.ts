import { linkSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { UsageError } from '../../errors.ts';
import type { Model } from '../model.ts';
import type { ByteSource } from '../origin.ts';
import type { Tensor } from '../tensor.ts';
import type { Fate } from './data-plan.ts';
import { externalOf, planData } from './data-plan.ts';
import { modelPieces } from './encode-model.ts';
import { ExternalFile } from './external-file.ts';
import { smallestStoredBytes } from './limits.ts';
import type { Piece } from './pieces.ts';
import { lengthOf } from './pieces.ts';
import type { RunnableFile } from './runnable-file.ts';
import { removeOnDispose } from './runnable-file.ts';
import { largestFileBytes } from './save-plan.ts';
import { makeScratchFolder, removeLeftovers, removeQuietly, scratchName } from './scratch-names.ts';
import type { SourceFile } from './source-file.ts';
import { filesOf, homeOf, spotOf } from './stored-spots.ts';
import { movableTensors } from './tensors-of.ts';
import type { Workplace } from './workplace.ts';
import { writeScratch } from './write-file.ts';

export interface SkeletonOptions {
  readonly workplace: Workplace;
  /** A folder on the models' volume to try where theirs is not writable. */
  readonly near: string | null;
}

/**
 * Writes a model without its large tensors: the files they are in are named as its data files. onnxruntime opens data
 * files below a model's folder only, so it lies in theirs, or beside a hard link to the one they are in. Null where
 * neither can be. Throws ModelError when a tensor cannot be read any more.
 */
export async function writeSkeleton(model: Model, options: SkeletonOptions): Promise<RunnableFile | null> {
  const files = filesOf(model);
  const home = files && homeOf(files);
  if (files === null || home === null) return null;
  const written =
    (await tryWriting(model, { ...options, folder: home, pathOf: ({ path }) => realpathSync(path) })) ??
    (await writeBesideLink(model, files, { ...options, home }));
  return written && removeOnDispose(written.path, written.made, options.workplace);
}

interface SkeletonPlace extends SkeletonOptions {
  readonly folder: string;
  /** Where a file is found, in the folder or below. */
  readonly pathOf: (source: ByteSource) => string;
}

interface Written {
  readonly path: string;
  /** Everything that was made for it. */
  readonly made: readonly string[];
}

/** Null when the folder cannot be written to. */
async function tryWriting(model: Model, place: SkeletonPlace): Promise<Written | null> {
  removeLeftovers(place.folder, place.workplace);
  const made: string[] = [];
  try {
    const pieces = await skeletonPieces(model, { ...place, made });
    const path = await writeScratch((index) => join(place.folder, scratchName(place.workplace.owner, index)), pieces);
    return { path, made: [...made, path] };
  } catch (error) {
    for (const leftover of made) removeQuietly(leftover);
    if (error instanceof UsageError && error.code === 'output-unwritable') return null;
    throw error;
  }
}

/** Large tensors that are in no file go into one beside the skeleton, where it would become too large itself. */
async function skeletonPieces(
  model: Model,
  place: SkeletonPlace & { readonly made: string[] },
): Promise<readonly Piece[]> {
  const { layout } = planData(model, { locate: () => '', fateOf: fatesOf(model, place, 'kept') });
  const pieces = modelPieces(model, layout);
  if (lengthOf(pieces) <= largestFileBytes) return pieces;
  const beside = makeScratchFolder(place.folder, place.workplace.owner);
  place.made.push(beside);
  const locate = () => `${basename(beside)}/tensors.data`;
  const plan = planData(model, { locate, fateOf: fatesOf(model, place, 'data') });
  await writeScratch(() => join(beside, 'tensors.data'), plan.data?.pieces ?? []);
  return modelPieces(model, plan.layout);
}

/** `rest` is what becomes of large tensors that do not lie in a file in raw form. */
function fatesOf(model: Model, { folder, pathOf }: SkeletonPlace, rest: 'kept' | 'data'): (tensor: Tensor) => Fate {
  const movable = movableTensors(model);
  return (tensor) => {
    const spot = movable.has(tensor) ? spotOf(tensor) : null;
    if (spot !== null) {
      const location = relative(folder, pathOf(spot.source)).split(sep).join('/');
      return { location, offset: spot.offset, length: spot.length };
    }
    if (externalOf(tensor) !== null) return 'inside';
    return movable.has(tensor) && tensor.byteLength >= smallestStoredBytes ? rest : 'kept';
  };
}

/**
 * Data files get no second name, by which they could be taken for links that lead out of their folder; the model's own
 * file does.
 */
async function writeBesideLink(
  model: Model,
  files: readonly (SourceFile | ExternalFile)[],
  { home, near, workplace }: SkeletonOptions & { readonly home: string },
): Promise<Written | null> {
  const [file] = files;
  if (file === undefined || files.length > 1 || file instanceof ExternalFile) return null;
  for (const parent of [...(near === null ? [] : [near]), workplace.temporaryFolder, ...ancestorsOf(home)]) {
    const folder = linkInto(parent, file, workplace);
    if (folder === null) continue;
    const pathOf = (source: ByteSource) => join(folder, basename(realpathSync(source.path)));
    const written = await tryWriting(model, { folder, pathOf, near, workplace });
    if (written !== null) return { path: written.path, made: [folder] };
    removeQuietly(folder);
  }
  return null;
}

/** A fresh folder with a hard link to a file; null where that cannot be, on another volume for one. */
function linkInto(parent: string, { path }: ByteSource, workplace: Workplace): string | null {
  removeLeftovers(parent, workplace);
  let folder: string | null = null;
  try {
    folder = makeScratchFolder(parent, workplace.owner);
    linkSync(realpathSync(path), join(folder, basename(realpathSync(path))));
    return folder;
  } catch {
    if (folder !== null) removeQuietly(folder);
    return null;
  }
}

function ancestorsOf(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [parent, ...ancestorsOf(parent)];
}
