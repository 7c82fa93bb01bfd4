import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { Installation } from '../../init/init-answers.ts';

export interface InstallationPlace {
  /** Where the config is. */
  readonly folder: string;
  /** The repository's top. */
  readonly root: string;
  /** What npx is to fetch otherwise. */
  readonly source: string;
}

const lockFiles = ['package-lock.json', 'npm-shrinkwrap.json'] as const;

/** Whether `npm ci` brings infer: a package.json on the way to the repository's top names it, and a lock file is there. */
export function findInstallation({ folder, root, source }: InstallationPlace): Installation {
  const folders = foldersUpTo(folder, root);
  const named = folders.findIndex((at) => dependsOnInfer(join(at, 'package.json')));
  // Of workspaces, the top has the lock file.
  for (const at of named === -1 ? [] : folders.slice(named)) {
    const lockFile = lockFiles.find((name) => existsSync(join(at, name)));
    if (lockFile !== undefined)
      return { kind: 'dependency', folder: relative(root, at).replaceAll(sep, '/'), lockFile };
  }
  return { kind: 'fetched', source };
}

function foldersUpTo(folder: string, root: string): readonly string[] {
  const folders = [folder];
  for (let at = folder; at !== root && at !== dirname(at); at = dirname(at)) folders.push(dirname(at));
  return folders;
}

/** A package.json that cannot be read names nothing. */
function dependsOnInfer(path: string): boolean {
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return ['devDependencies', 'dependencies', 'optionalDependencies'].some((field) => names(manifest, field));
  } catch {
    return false;
  }
}

function names(manifest: unknown, field: string): boolean {
  if (typeof manifest !== 'object' || manifest === null) return false;
  const dependencies: unknown = Reflect.get(manifest, field);
  return typeof dependencies === 'object' && dependencies !== null && Object.hasOwn(dependencies, 'infer');
}
