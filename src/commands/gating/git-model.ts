import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import { InferError, ModelError, UsageError } from '../../errors.ts';
import { checkModelFile } from '../../onnx/file/check-model-file.ts';
import { problemOfSpelling } from '../../onnx/file/external-location.ts';
import { openModel } from '../../onnx/file/open-model.ts';
import { makeScratchFolder, removeLeftovers, removeQuietly } from '../../onnx/file/scratch-names.ts';
import { openRepository } from '../../runtime/git.ts';
import type { GitFile, GitRepository } from '../../runtime/git.ts';
import { thisWorkplace } from '../../runtime/workplace.ts';
import { parseGitRef } from './git-ref.ts';
import type { GitRef } from './git-ref.ts';
import { lfsPointerIn } from './lfs-pointer.ts';

export interface GitModelOptions {
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
}

/** A model out of git, in a folder of its own. */
export interface GitModel {
  readonly path: string;
  readonly commit: string;
  /** Removes the folder. */
  dispose(): void;
}

/**
 * Reads `git:REF:PATH` and the data files that the model names, all of the same commit, without touching the working
 * tree. Throws UsageError and ModelError.
 */
export async function openGitModel(text: string, { cwd, signal }: GitModelOptions): Promise<GitModel> {
  const ref = parseGitRef(text);
  const repository = await openRepository(cwd);
  if (repository === null) throw new UsageError('git-no-repository', { ref: text, folder: cwd });
  const commit = await commitOf(ref, repository);
  const scratch = openScratch();
  const place = { ref, repository, commit, signal };
  try {
    const inside = posix.normalize(/^\.\.?\//.test(ref.path) ? posix.join(repository.prefix, ref.path) : ref.path);
    const path = join(scratch.folder, basename(inside));
    await fetch(place, inside, path);
    checkFetched(path, ref);
    await fetchData(place, inside, path);
    return { path, commit, dispose: scratch.remove };
  } catch (error) {
    scratch.remove();
    throw error;
  }
}

interface Place {
  readonly ref: GitRef;
  readonly repository: GitRepository;
  readonly commit: string;
  readonly signal: AbortSignal | undefined;
}

async function commitOf({ text, name }: GitRef, repository: GitRepository): Promise<string> {
  const commit = await repository.commitOf(name);
  if (commit !== null) return commit;
  const shallow = await repository.isShallow();
  throw new UsageError('git-ref-unknown', { ref: text, name, shallow, known: await repository.refs() });
}

function openScratch() {
  const workplace = thisWorkplace();
  removeLeftovers(workplace.temporaryFolder, workplace);
  const folder = makeScratchFolder(workplace.temporaryFolder, workplace.owner);
  const forget = workplace.onExit(() => removeQuietly(folder));
  const remove = () => {
    forget();
    removeQuietly(folder);
  };
  return { folder, remove };
}

async function fetch(place: Place, inside: string, path: string): Promise<void> {
  const { ref, repository, commit } = place;
  const file = await repository.find(commit, inside);
  if (file === null) throw await missing(place, inside);
  if (file.kind !== 'file') throw new UsageError('git-not-a-file', { ref: ref.text, path: inside, kind: file.kind });
  await save(place, file, path);
}

async function missing({ ref, repository, commit }: Place, inside: string): Promise<UsageError> {
  const known = await repository.pathsEnding(commit, posix.extname(inside));
  const error = new UsageError('git-path-missing', { ref: ref.text, path: inside, commit, known });
  const below = posix.join(repository.prefix, inside);
  return known.includes(below) ? error.withHint(`from this folder it is git:${ref.name}:./${inside}`) : error;
}

/** What Git LFS keeps is fetched by git-lfs. */
async function save({ ref, repository, signal }: Place, file: GitFile, path: string): Promise<void> {
  await repository.save(file, path, signal);
  const pointer = lfsPointerIn(path);
  if (pointer === null) return;
  const target = `${path}.lfs`;
  const failed = (problem: string) => new ModelError('model-in-lfs', { ref: ref.text, name: ref.name, problem });
  const answer = await repository.smudge(path, target, signal);
  if (answer === null) throw failed('git-lfs is not installed');
  // A failing git-lfs may hand the pointer through, or the first part of the file.
  const found = statSync(target, { throwIfNoEntry: false })?.size ?? 0;
  if (!answer.isOk || found !== pointer.sizeBytes)
    throw failed(answer.stderr.trim() || `git-lfs gave ${found} of ${pointer.sizeBytes} bytes`);
  renameSync(target, path);
}

/** A sentence about a file that is gone by then should say where it came from. */
function checkFetched(path: string, { text }: GitRef): void {
  try {
    checkModelFile(path);
  } catch (error) {
    throw error instanceof InferError ? error.withHint(`this is ${text}, read from git`) : error;
  }
}

/** The model says what it misses, one file at a time: most have one. */
async function fetchData(place: Place, inside: string, path: string): Promise<void> {
  for (let missed = missedData(path); missed !== null; missed = missedData(path)) {
    const { tensor, location } = missed;
    const source = posix.join(posix.dirname(inside), location);
    if ((await place.repository.find(place.commit, source)) === null) {
      const problem = `${source} is not in git at that commit; commit it beside the model`;
      throw new ModelError('model-external-data', { path: place.ref.text, tensor, location, problem });
    }
    const target = join(dirname(path), location);
    mkdirSync(dirname(target), { recursive: true });
    await fetch(place, source, target);
  }
}

/** The first data file that is not there; null when all are, and for a model whose graph only the runtime may read. */
function missedData(path: string): { readonly tensor: string; readonly location: string } | null {
  try {
    openModel(path).close();
    return null;
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    const location: unknown = Reflect.get(error.details, 'location');
    const tensor: unknown = Reflect.get(error.details, 'tensor');
    if (error.code !== 'model-external-data' || typeof location !== 'string' || typeof tensor !== 'string') return null;
    // What leads out of the folder is refused where the model is opened, and fetched by nobody.
    return problemOfSpelling(location) === null && !existsSync(join(dirname(path), location))
      ? { tensor, location }
      : null;
  }
}
