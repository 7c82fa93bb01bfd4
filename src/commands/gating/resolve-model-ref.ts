import { closeSync, openSync, readSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { BenchResult } from '../../bench/bench-result.ts';
import { ModelError, UsageError } from '../../errors.ts';
import type { GateResult } from '../../gate/gate-result.ts';
import { openModel } from '../../onnx/file/open-model.ts';
import { parseResult } from '../../result/read-result.ts';
import { openRepository } from '../../runtime/git.ts';
import { readTextFile } from '../read-text-file.ts';
import { openGitModel } from './git-model.ts';
import { isGitRef } from './git-ref.ts';

/** A model file, out of git or as it is. */
export interface ReferredModel {
  readonly kind: 'model';
  readonly path: string;
  /** As it was written. */
  readonly ref: string;
  /** The commit that it was read from, or that its working tree stands on. */
  readonly commit: string | null;
  /** Whether the working tree's file differs from that commit; null for a file that git does not know. */
  readonly dirty: boolean | null;
  /** Removes what was written for it: nothing of the user's. */
  dispose(): void;
}

/** Figures that were saved. */
export interface ReferredResult {
  readonly kind: 'result';
  readonly saved: GateResult | BenchResult;
  readonly path: string;
}

export interface ReferenceOptions {
  readonly cwd: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What the head is held against: a model file, `git:REF:PATH`, or the saved result of a gate or a bench. Throws
 * UsageError, ModelError and DataError.
 */
export async function resolveModelRef(ref: string, options: ReferenceOptions): Promise<ReferredModel | ReferredResult> {
  if (isGitRef(ref)) {
    const { path, commit, dispose } = await openGitModel(ref, options);
    return { kind: 'model', path, ref, commit, dirty: false, dispose };
  }
  const path = isAbsolute(ref) ? ref : join(options.cwd, ref);
  if (isResult(path)) return { kind: 'result', saved: await readSaved(path, ref), path };
  return { kind: 'model', path, ref, ...(await standingOf(path)), dispose: () => undefined };
}

/** No model begins as JSON does. */
function isResult(path: string): boolean {
  return path.toLowerCase().endsWith('.json') || /^\uFEFF?\s*\{/.test(headOf(path));
}

/** The first bytes; nothing where there are none: whoever reads the model says so. */
function headOf(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const head = Buffer.alloc(64);
      return head.toString('utf8', 0, readSync(file, head, 0, head.length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

async function readSaved(path: string, ref: string): Promise<GateResult | BenchResult> {
  const result = await parseResult(readTextFile(path, 'model or saved result'), ref);
  if (result.kind === 'gate' || result.kind === 'bench') return result;
  throw new UsageError('base-unsuited', { path: ref, kind: result.kind });
}

/** Where the file stands in git, which need not be there. */
async function standingOf(path: string): Promise<Pick<ReferredModel, 'commit' | 'dirty'>> {
  const unknown = { commit: null, dirty: null };
  try {
    const repository = await openRepository(dirname(path));
    if (repository === null || !(await repository.isTracked(path))) return unknown;
    return { commit: await repository.commitOf('HEAD'), dirty: await repository.isDirty([path, ...dataFilesOf(path)]) };
  } catch (error) {
    // A gate of files needs no git, and none that works.
    if (error instanceof UsageError) return unknown;
    throw error;
  }
}

function dataFilesOf(path: string): readonly string[] {
  try {
    const opened = openModel(path);
    opened.close();
    return opened.externalFiles.map((file) => file.path);
  } catch (error) {
    // A graph that only the runtime may read.
    if (error instanceof ModelError) return [];
    throw error;
  }
}
