import type { Stats } from 'node:fs';
import { mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { unwritable, UsageError } from '../../errors.ts';
import type { Model } from '../model.ts';
import { externalOf } from './data-plan.ts';
import { openModel } from './open-model.ts';
import { tensorsOf } from './tensors-of.ts';

/** Where a model is to be written. */
export interface SaveTarget {
  /** As given. */
  readonly path: string;
  /** The folder, with links followed; it exists. */
  readonly folder: string;
  readonly stats: Stats | undefined;
}

/** Looks at a path before anything is written, and makes its folder. Throws UsageError 'output-unwritable'. */
export function findTarget(path: string, model: Model): SaveTarget {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) throw unusable(path, 'it is a directory');
    if (stats !== undefined && holdsTensors(stats, model)) throw unusable(path, "it holds this model's tensors");
    return { path, folder: realpathSync(dirname(path)), stats };
  } catch (error) {
    throw unwritable(path, error);
  }
}

/** A data file that is replaced by a model takes the tensors of every model that names it along. */
function holdsTensors(stats: Stats, model: Model): boolean {
  return dataFilesOf(model).some((file) => isSameFile(file, stats));
}

function dataFilesOf(model: Model): readonly string[] {
  const paths = new Set<string>();
  for (const { tensor } of tensorsOf(model)) {
    const external = externalOf(tensor);
    if (external !== null) paths.add(external.source.path);
  }
  return [...paths];
}

/** Whether a model in the target's folder finds a data file by the location that it has already. */
export function isBeside({ folder }: SaveTarget, file: { readonly path: string; readonly location: string }): boolean {
  try {
    const path = realpathSync(join(folder, file.location));
    return path === realpathSync(file.path) && isInside(folder, path);
  } catch {
    return false;
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
}

/**
 * Name for a new data file beside the target: `<name>.data`, where that is free or this very model's own, else with a
 * number, for another model may need the file that is there.
 */
export function dataNameFor(target: SaveTarget, model: Model): string {
  // ONNX writes locations with /, so a backslash would be taken for Windows' way to spell it.
  const name = basename(target.path).replaceAll('\\', '_');
  const own = join(target.folder, `${name}.data`);
  if (!exists(own) || isOwn(own, target, model)) return `${name}.data`;
  let index = 1;
  while (exists(join(target.folder, `${name}.${index}.data`))) index++;
  return `${name}.${index}.data`;
}

/**
 * Whether the model that stands at the target uses a data file, but neither does the model to be saved from elsewhere,
 * nor any beside it: a model saved into the folder of its original goes on using that one's data file.
 */
function isOwn(dataPath: string, target: SaveTarget, model: Model): boolean {
  if (target.stats?.isFile() !== true || !usesFile(target.path, dataPath)) return false;
  if (neighborsOf(target).some((neighbor) => usesFile(neighbor, dataPath))) return false;
  for (const { tensor } of tensorsOf(model)) {
    if (externalOf(tensor)?.source.path !== dataPath) continue;
    if (tensor.origin === null || !isSameFile(tensor.origin.source.path, target.stats)) return false;
  }
  return true;
}

/** Other models in the target's folder. */
function neighborsOf({ folder, path }: SaveTarget): readonly string[] {
  const names = readdirSync(folder).filter((name) => name.toLowerCase().endsWith('.onnx') && name !== basename(path));
  return names.map((name) => join(folder, name));
}

function usesFile(modelPath: string, dataPath: string): boolean {
  try {
    const opened = openModel(modelPath);
    opened.close();
    return opened.externalFiles.some(({ path }) => path === dataPath);
  } catch {
    return false;
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isSameFile(path: string, { dev, ino }: Stats): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && stats.dev === dev && stats.ino === ino;
}

function unusable(path: string, problem: string): UsageError {
  return new UsageError('output-unwritable', { path, problem });
}
