import { extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { checkWritable, writeAtomically } from '../commands/write-atomically.ts';
import { UsageError } from '../errors.ts';
import type { ProfileResult } from '../profile/profile-result.ts';
import { loadFlame, loadTrace } from '../report/profile-exports.ts';

/** Files beside the result that other programs open. */
export interface ProfileFiles {
  readonly trace: string | null;
  readonly flame: { readonly path: string; readonly format: 'html' | 'speedscope' } | null;
}

/** Flags that name them. */
export interface ProfileFileFlags {
  readonly trace?: string;
  readonly flame?: string;
}

/** Declares `--trace` and `--flame`. */
export function addProfileFileOptions(command: Command): Command {
  return command
    .option('--trace <file>', 'also write a typical run of a profile as a Chrome trace (.json)')
    .option('--flame <file>', 'also write a flame graph of a profile (.html), or the same for speedscope (.json)');
}

/** Reads `--trace` and `--flame`. Throws UsageError for a file whose format nobody could tell. */
export function profileFiles({ trace, flame }: ProfileFileFlags): ProfileFiles {
  if (trace !== undefined && extensionOf(trace) !== '.json')
    throw new UsageError('bad-value', { flag: '--trace', value: trace, expected: 'a file ending in .json' });
  return { trace: trace ?? null, flame: flame === undefined ? null : { path: flame, format: flameFormat(flame) } };
}

function flameFormat(path: string): 'html' | 'speedscope' {
  const extension = extensionOf(path);
  if (extension === '.html' || extension === '.htm') return 'html';
  if (extension === '.json') return 'speedscope';
  throw new UsageError('bad-value', { flag: '--flame', value: path, expected: 'a file ending in .html or .json' });
}

function extensionOf(path: string): string {
  return extname(path).toLowerCase();
}

interface OtherFiles {
  /** The result file; null without one. */
  readonly output: string | null;
  readonly inputs: readonly string[];
}

/** Says before anything is measured that a file cannot be written, or would replace another one. Throws UsageError. */
export function checkProfileFiles({ trace, flame }: ProfileFiles, { output, inputs }: OtherFiles): void {
  const written = [
    { flag: '--output', path: output },
    { flag: '--trace', path: trace },
    { flag: '--flame', path: flame?.path ?? null },
  ];
  const flags = new Map<string, string>();
  for (const { flag, path } of written) {
    if (path === null) continue;
    const other = flags.get(resolve(path));
    if (other !== undefined)
      throw new UsageError('flags-conflict', { flag, other, problem: `both would be written to ${path}` });
    flags.set(resolve(path), flag);
    checkWritable(path, inputs);
  }
}

/** Writes what was asked for. Throws UsageError. */
export async function writeProfileFiles(result: ProfileResult, { trace, flame }: ProfileFiles): Promise<void> {
  if (trace !== null) writeAtomically(trace, (await loadTrace())(result));
  if (flame !== null) writeAtomically(flame.path, (await loadFlame(flame.format))(result));
}

/** Refuses what only a profile can give, for a result of something else. Throws UsageError. */
export function checkHasProfile({ trace, flame }: ProfileFiles, kind: string): void {
  const flag = trace !== null ? '--trace' : '--flame';
  if (trace === null && flame === null) return;
  throw new UsageError('flags-conflict', {
    flag,
    other: `a ${kind} result`,
    problem: 'only infer profile tells when each kernel ran',
  });
}
