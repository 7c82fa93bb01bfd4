import { existsSync } from 'node:fs';
import { dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import type { Config } from './config-schema.ts';
import { moveCostPaths } from './cost-config-paths.ts';
import { moveGatePaths } from './gate-config-paths.ts';
import { readTextFile } from '../commands/read-text-file.ts';

const names = ['infer.config.json', 'infer.config.yaml', 'infer.config.yml'] as const;

/** The config file upward from a folder; null when there is none. */
export function findConfigFile(folder: string): string | null {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const found = names.map((name) => join(at, name)).find((path) => existsSync(path));
    if (found !== undefined) return found;
    if (dirname(at) === at) return null;
  }
}

/**
 * Reads the config named by `--config`, or the one found upward; an empty one when there is none. Throws UsageError
 * for a file that is missing, cannot be parsed, or has a key that nobody knows.
 */
export async function readConfig(named: string | undefined, cwd: string): Promise<Config> {
  const path = named === undefined ? findConfigFile(cwd) : resolve(cwd, named);
  if (path === null) return {};
  const content = await parseText(path, readTextFile(path, 'config'));
  const { configSchema, configKeys } = await import('./config-schema.ts');
  const parsed = configSchema.safeParse(content ?? {});
  if (parsed.success) return pathsFrom(dirname(path), cwd, parsed.data);
  const [issue] = parsed.error.issues;
  throw invalid(path, issue, configKeys);
}

/** Paths in a config are meant from its own folder, wherever below it `infer` is called. */
function pathsFrom(folder: string, cwd: string, { $schema, cost, gate, ...sections }: Config): Config {
  const moved = (path: string) => (isAbsolute(path) ? path : relative(cwd, resolve(folder, path)));
  const present = Object.entries(sections).flatMap(([name, section]) =>
    section === undefined ? [] : [[name, movePaths(section, moved)] as const],
  );
  return {
    ...($schema !== undefined && { $schema }),
    ...(cost && { cost: moveCostPaths(cost, moved) }),
    ...(gate && { gate: moveGatePaths(gate, moved) }),
    ...Object.fromEntries(present),
  };
}

interface SectionPaths {
  readonly models?: string[] | undefined;
  readonly data?: string | undefined;
  readonly reference?: string | undefined;
  readonly teacher?: string | undefined;
  readonly student?: string | undefined;
  readonly tokenizer?: string | undefined;
  readonly vocabulary?: string | undefined;
  readonly calibrationCache?: string | undefined;
  readonly input?: Record<string, string | number | boolean> | undefined;
}

function movePaths<Section extends SectionPaths>(section: Section, moved: (path: string) => string): Section {
  const { models, input, data, reference, teacher, student, tokenizer, vocabulary, calibrationCache } = section;
  const movedValue = <T>(value: T) => (typeof value === 'string' && /\.(npy|pb)$/i.test(value) ? moved(value) : value);
  return {
    ...section,
    ...(models && { models: models.map(moved) }),
    ...movedFiles({ data, reference, teacher, student, tokenizer, vocabulary, calibrationCache }, moved),
    ...(input && { input: mapValues(input, movedValue) }),
  };
}

function movedFiles(
  files: Readonly<Record<string, string | undefined>>,
  moved: (path: string) => string,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).flatMap(([name, path]) => (path === undefined ? [] : [[name, moved(path)]])),
  );
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}

async function parseText(path: string, text: string): Promise<unknown> {
  try {
    if (extname(path) === '.json') return JSON.parse(text);
    const { parse } = await import('yaml');
    return parse(text);
  } catch (error) {
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    const details = { path, key: '', problem: problem.replace(/:$/, ''), known: [] };
    throw new UsageError('config-invalid', details, { cause: error });
  }
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** The keys nobody knows, when that is what is wrong. */
  readonly keys?: readonly string[];
}

function invalid(path: string, issue: Issue | undefined, keysAt: (inside: readonly string[]) => readonly string[]) {
  const inside = issue?.path.map(String) ?? [];
  const [unknown] = issue?.keys ?? [];
  if (unknown === undefined)
    return new UsageError('config-invalid', { path, key: inside.join('.'), problem: issue?.message ?? '', known: [] });
  const key = [...inside, unknown].join('.');
  return new UsageError('config-invalid', { path, key, problem: 'there is no such key', known: keysAt(inside) });
}
