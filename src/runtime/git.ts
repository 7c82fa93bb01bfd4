import { existsSync } from 'node:fs';
import { UsageError } from '../errors.ts';
import type { GitAnswer, GitCall } from './git-process.ts';
import { runGit } from './git-process.ts';

/** A file as it was at a commit. */
export interface GitFile {
  readonly id: string;
  /** A `link` holds the path that it leads to. */
  readonly kind: 'file' | 'link' | 'folder' | 'submodule';
}

const kinds: Readonly<Record<string, GitFile['kind']>> = {
  '120000': 'link',
  '040000': 'folder',
  '160000': 'submodule',
};

/** A repository, read only. */
export class GitRepository {
  readonly #folder: string;
  /** The folder it was opened from, below its top: empty or with a slash at its end. */
  readonly prefix: string;

  constructor(folder: string, prefix: string) {
    this.#folder = folder;
    this.prefix = prefix;
  }

  /** The commit that a branch, tag, hash or expression names; a branch may be one of `origin` alone. */
  async commitOf(name: string): Promise<string | null> {
    // A name that is read as a flag is no name.
    if (name.startsWith('-')) return null;
    for (const ref of [name, `refs/remotes/origin/${name}`]) {
      const { isOk, stdout } = await this.#run(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
      if (isOk) return stdout.trim();
    }
    return null;
  }

  /** Whether older commits were left out when it was cloned. */
  async isShallow(): Promise<boolean> {
    return (await this.#run(['rev-parse', '--is-shallow-repository'])).stdout.trim() === 'true';
  }

  /** Branches and tags by their short names. */
  async refs(): Promise<readonly string[]> {
    const places = ['refs/heads', 'refs/remotes', 'refs/tags'];
    return lines(await this.#demand(['for-each-ref', '--format=%(refname:short)', ...places]), '\n');
  }

  /** A file at a commit, by its path from the top; null where there is none. */
  async find(commit: string, path: string): Promise<GitFile | null> {
    const [entry] = lines(await this.#demand(['ls-tree', '-z', '--full-tree', commit, '--', path]), '\0');
    const match = /^(\d+) \w+ (\w+)\t/.exec(entry ?? '');
    if (match === null) return null;
    const [, mode = '', id = ''] = match;
    return { id, kind: kinds[mode] ?? 'file' };
  }

  /** Paths of all files at a commit that end so. */
  async pathsEnding(commit: string, ending: string): Promise<readonly string[]> {
    const paths = lines(await this.#demand(['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit]), '\0');
    return paths.filter((path) => path.endsWith(ending));
  }

  /** Writes a file of the repository to the disk, as it is stored: what Git LFS keeps is a pointer. */
  async save(file: GitFile, path: string, signal?: AbortSignal): Promise<void> {
    await this.#demand(['cat-file', 'blob', file.id], { outputFile: path, signal });
  }

  /** Whether git knows a path of the working tree. */
  async isTracked(path: string): Promise<boolean> {
    return (await this.#run(['ls-files', '--error-unmatch', '-z', '--', path])).isOk;
  }

  /** Whether any of the paths differs from what is committed. */
  async isDirty(paths: readonly string[]): Promise<boolean> {
    return (await this.#demand(['status', '--porcelain', '-z', '--untracked-files=all', '--', ...paths])) !== '';
  }

  /** Has git-lfs put the content in a pointer's place. Null where there is no git-lfs. */
  async smudge(pointer: string, path: string, signal?: AbortSignal): Promise<GitAnswer | null> {
    if (!(await this.#run(['lfs', 'version'])).isOk) return null;
    return this.#run(['lfs', 'smudge'], { inputFile: pointer, outputFile: path, signal });
  }

  #run(args: readonly string[], more: Partial<GitCall> = {}): Promise<GitAnswer> {
    return runGit({ ...more, folder: this.#folder, args });
  }

  async #demand(args: readonly string[], more: Partial<GitCall> = {}): Promise<string> {
    const { isOk, stdout, stderr } = await this.#run(args, more);
    if (isOk) return stdout;
    throw new UsageError('git-failed', { folder: this.#folder, problem: stderr });
  }
}

/**
 * The repository that a folder lies in; null where it lies in none. Throws UsageError where there is no git, or where
 * git will not look at it.
 */
export async function openRepository(folder: string): Promise<GitRepository | null> {
  if (!existsSync(folder)) return null;
  const { isOk, stdout, stderr } = await runGit({ folder, args: ['rev-parse', '--show-prefix'] });
  if (isOk) return new GitRepository(folder, stdout.replace(/\r?\n$/, ''));
  if (/not a git repository|must be run in a work tree/i.test(stderr)) return null;
  throw new UsageError('git-failed', { folder, problem: stderr });
}

function lines(text: string, separator: string): readonly string[] {
  return text.split(separator).filter((line) => line !== '');
}
