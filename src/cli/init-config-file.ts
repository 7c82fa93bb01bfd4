import { dirname, extname, join, resolve } from 'node:path';
import { configOf } from '../commands/initializing/wanted-files.ts';
import { textOf } from '../commands/init.ts';
import { UsageError } from '../errors.ts';
import { findConfigFile } from './config-file.ts';

/** The config of a folder, which need not be there yet. */
export interface OwnConfig {
  readonly path: string;
  /** Null where there is none. */
  readonly text: string | null;
  /** What its section `gate` says, as far as workflows go by it; null where there is none. */
  readonly gate: GateFacts | null;
  /** A config further up that a new one here takes the place of. */
  readonly hidden: string | null;
}

export interface GateFacts {
  readonly budget: string | null;
  /** The branch that scenarios are held against. */
  readonly baseBranch: string | null;
}

/** Looks for the config in a folder. Throws UsageError for one that cannot be parsed. */
export async function readOwnConfig(folder: string): Promise<OwnConfig> {
  const found = findConfigFile(folder);
  const isOwn = found !== null && dirname(found) === resolve(folder);
  const path = isOwn ? found : join(folder, 'infer.config.yaml');
  const text = isOwn ? textOf(path) : null;
  const content = text === null ? {} : await contentOf(path, text);
  const gate = Object.hasOwn(content, 'gate') ? factsOf(Reflect.get(content, 'gate')) : null;
  return { path, text, gate, hidden: isOwn ? null : found };
}

/** Whatever else it says is the gate's matter, and whether it is right too. */
function factsOf(gate: unknown): GateFacts {
  const budget = member(gate, 'budget');
  const [scenario] = Object.values(tableOf(member(gate, 'scenarios')));
  const base = member(scenario, 'base');
  const branch = typeof base === 'string' ? /^git:(?:origin\/)?([^:]+)/.exec(base)?.[1] : undefined;
  return { budget: typeof budget === 'string' ? budget : null, baseBranch: branch ?? null };
}

function member(value: unknown, name: string): unknown {
  return Reflect.get(tableOf(value), name);
}

function tableOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

/** The config with the section in it, in the place of the one it has; all else stays as it is written. */
export async function withSection({ path, text }: OwnConfig, section: string): Promise<string> {
  if (text === null) return configOf(section);
  const { parse } = await import('yaml');
  if (extname(path) !== '.json') return insertSection(path, text, section);
  const wanted: { readonly gate: unknown } = parse(section);
  const content = { ...(await contentOf(path, text)), gate: wanted.gate };
  // Written anew it would lose the way it is written: only where it says something else.
  const isSame = JSON.stringify(content) === JSON.stringify(JSON.parse(text));
  return isSame ? text : `${JSON.stringify(content, null, 2)}\n`;
}

async function insertSection(path: string, original: string, section: string): Promise<string> {
  const text = original.replaceAll('\r\n', '\n');
  if (text.includes(section)) return text;
  const place = await placeOf(path, text);
  const before = text.slice(0, place.start).trimEnd();
  const after = text.slice(place.end).trimStart();
  const parts = [...(before === '' ? [] : [`${before}\n`]), section, ...(after === '' ? [] : [after])];
  const merged = parts.join('\n');
  await contentOf(path, merged);
  return merged;
}

/** From the key `gate` to the next line that is not indented; the end of the text where there is no such key. */
async function placeOf(path: string, text: string): Promise<{ readonly start: number; readonly end: number }> {
  const { isMap, isScalar, parseDocument } = await import('yaml');
  const { contents } = parseDocument(text);
  const pair = isMap(contents) ? contents.items.find(({ key }) => isScalar(key) && key.value === 'gate') : undefined;
  const keyRange = isScalar(pair?.key) ? pair.key.range : undefined;
  if (keyRange === undefined || keyRange === null) return { start: text.length, end: text.length };
  if (keyRange[0] > 0 && text[keyRange[0] - 1] !== '\n') throw cannotExtend(path);
  // A bracket that closes what was opened on the key's line belongs to it; comments belong to what follows.
  const next = /^[^\s}\]]/gm;
  next.lastIndex = keyRange[1];
  return { start: keyRange[0], end: next.exec(text)?.index ?? text.length };
}

/** What a config says; it must be a table. */
async function contentOf(path: string, text: string): Promise<object> {
  const { parse } = await import('yaml');
  try {
    const content: unknown = (extname(path) === '.json' ? JSON.parse(text) : parse(text)) ?? {};
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content;
  } catch (error) {
    throw cannotExtend(path, error);
  }
  throw cannotExtend(path);
}

function cannotExtend(path: string, cause?: unknown): UsageError {
  const [problem = ''] = cause instanceof Error ? cause.message.split('\n') : ['it is no table of one key a line'];
  return new UsageError('config-invalid', { path, key: '', problem: problem.replace(/:$/, ''), known: [] }, { cause });
}
