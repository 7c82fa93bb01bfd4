import { UsageError } from '../errors.ts';

export interface GitCall {
  /** Where it runs: git finds the repository from there. */
  readonly folder: string;
  readonly args: readonly string[];
  /** A file that becomes what it prints; else the text is in the answer. */
  readonly outputFile?: string;
  readonly inputFile?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface GitAnswer {
  readonly isOk: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

const environment = {
  // Answers are told apart by their words.
  LC_ALL: 'C',
  // Nobody is there to be asked for a password.
  GIT_TERMINAL_PROMPT: '0',
  // Runners that check out pointers only set it for themselves.
  GIT_LFS_SKIP_SMUDGE: '0',
};

/** Paths are names, not patterns; and reading takes no locks, which another git may be waiting for. */
const always = ['--literal-pathspecs', '--no-optional-locks'];

/** Runs git and waits. Throws UsageError `git-missing` where there is none; what git refuses is in the answer. */
export async function runGit({ folder, args, outputFile, inputFile, signal }: GitCall): Promise<GitAnswer> {
  const { execa } = await import('execa');
  const result = await execa('git', [...always, ...args], {
    cwd: folder,
    env: environment,
    reject: false,
    stripFinalNewline: false,
    ...(inputFile === undefined ? { stdin: 'ignore' } : { inputFile }),
    ...(outputFile === undefined ? {} : { stdout: { file: outputFile } }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
  });
  signal?.throwIfAborted();
  if (result.code === 'ENOENT') throw new UsageError('git-missing', { folder }, { cause: result });
  return { isOk: !result.failed, stdout: result.stdout ?? '', stderr: result.stderr };
}
