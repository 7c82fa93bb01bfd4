import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import type { Installation } from '../../init/init-answers.ts';
import type { GitRepository } from '../../runtime/git.ts';
import { openRepository } from '../../runtime/git.ts';
import { runGit } from '../../runtime/git-process.ts';
import { findInstallation } from './find-installation.ts';
import type { FoundModel } from './find-models.ts';
import { filesBelow, modelsAmong } from './find-models.ts';

/** What there is to go by. */
export interface Survey {
  readonly isRepository: boolean;
  /** The repository's top; the folder itself where there is no repository. */
  readonly root: string;
  /** The folder below the top, with `/` at its end, or empty. */
  readonly prefix: string;
  readonly models: readonly FoundModel[];
  readonly installation: Installation;
  /** The branch that pull requests most likely go to. */
  readonly baseBranch: string;
  /** Branches and tags by their short names. */
  readonly refs: readonly string[];
}

/** Looks at a folder and the repository around it. `source` is where npx has infer from. */
export async function surveyRepository(cwd: string, source: string): Promise<Survey> {
  const folder = realpathSync(cwd);
  const repository = await repositoryOf(folder);
  const prefix = repository?.prefix ?? '';
  const root = join(folder, prefix.replaceAll(/[^/]+/g, '..'));
  const refs = (await repository?.refs()) ?? [];
  return {
    isRepository: repository !== null,
    root,
    prefix,
    models: modelsAmong(repository === null ? filesBelow(folder) : await filesKnownTo(folder), folder),
    installation: findInstallation({ folder, root: root.replace(/[/\\]$/, ''), source }),
    baseBranch: await guessBaseBranch(folder, refs),
    refs,
  };
}

/** Models can be found without git too. */
async function repositoryOf(folder: string): Promise<GitRepository | null> {
  try {
    return await openRepository(folder);
  } catch (error) {
    if (error instanceof UsageError && error.code === 'git-missing') return null;
    throw error;
  }
}

/** What is committed or could be: a model that git ignores has no base there. */
async function filesKnownTo(folder: string): Promise<readonly string[]> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { isOk, stdout, stderr } = await runGit({ folder, args });
  if (!isOk) throw new UsageError('git-failed', { folder, problem: stderr });
  return stdout.split('\0').filter((path) => path !== '');
}

const usualBranches = ['main', 'master', 'trunk', 'develop'] as const;

/** The main branch as the remote names it, else one of a usual name, else the branch that is checked out. */
async function guessBaseBranch(folder: string, refs: readonly string[]): Promise<string> {
  const remote = await symbolicRef(folder, 'refs/remotes/origin/HEAD');
  if (remote !== null) return remote.replace(/^origin\//, '');
  const usual = usualBranches.find((name) => refs.includes(name) || refs.includes(`origin/${name}`));
  return usual ?? (await symbolicRef(folder, 'HEAD')) ?? 'main';
}

async function symbolicRef(folder: string, name: string): Promise<string | null> {
  try {
    const { isOk, stdout } = await runGit({ folder, args: ['symbolic-ref', '--quiet', '--short', name] });
    return isOk ? stdout.trim() : null;
  } catch (error) {
    if (error instanceof UsageError && error.code === 'git-missing') return null;
    throw error;
  }
}
