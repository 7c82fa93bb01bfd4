import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { parseDropLimit } from '../commands/evaluate-vocabulary.ts';
import type { FoundModel } from '../commands/initializing/find-models.ts';
import { dimensionsOf } from '../commands/initializing/open-dimensions.ts';
import type { Survey } from '../commands/initializing/survey-repository.ts';
import { UsageError } from '../errors.ts';
import type { GatedChoice, InitAnswers } from '../init/init-answers.ts';
import { shortName } from '../report/short-name.ts';
import { formatBytes } from '../report/units.ts';
import { assignments } from './flag-values.ts';
import type { InitFlags } from './init-options.ts';
import { initDefaults } from './init-options.ts';
import type { InitPrompts } from './init-prompts.ts';
import { parseCount, parseDurationMs, parseName } from './value-syntax.ts';

export interface AnswerSources {
  readonly flags: InitFlags;
  readonly survey: Survey;
  readonly cwd: string;
  /** Null: what no flag says is taken for granted. */
  readonly prompts: InitPrompts | null;
  /** Whether the config has a section that serves: then models and limits are not asked for. */
  readonly isConfigured: boolean;
  readonly earlier: EarlierAnswers;
}

/** What files that are there already say; null where they say nothing. */
export interface EarlierAnswers {
  readonly budget?: string | null;
  readonly baseBranch?: string | null;
  readonly comment: boolean | null;
}

/** Most models that are gated unless they are named: all share the budget and the chance of a false alarm. */
const mostModels = 8;

/** What flags say, then what a person answers, then the defaults. Throws UsageError. */
export async function settleAnswers(sources: AnswerSources): Promise<InitAnswers> {
  const { flags, survey, isConfigured, earlier } = sources;
  const ask = isConfigured ? null : sources.prompts;
  const models = isConfigured ? [] : await settleModels(sources);
  const hasData = models.some(({ data }) => data !== null);
  const maxDrop = await settle(hasData ? ask : null, flags.maxDrop, questions.maxDrop);
  const budget = await settle(ask, flags.budget, { ...questions.budget, usual: earlier.budget ?? initDefaults.budget });
  const threads = await settle(ask, flags.threads, questions.threads);
  const branch = { ...questions.baseBranch, usual: earlier.baseBranch ?? survey.baseBranch };
  const usualComment = earlier.comment ?? true;
  return {
    models,
    maxDrop,
    budget,
    budgetMs: parseDurationMs({ flag: '--budget', text: budget }),
    threads: parseCount({ flag: '--threads', text: threads }),
    baseBranch: await settle(sources.prompts, flags.baseBranch, branch),
    comment: flags.comment && ((await sources.prompts?.confirm(commentQuestion, usualComment)) ?? usualComment),
  };
}

const commentQuestion = 'Tell the verdict in a comment on the pull request?';

const questions = {
  maxDrop: {
    message: 'How much quality may a change cost? (0.5pt, 1%)',
    usual: initDefaults.maxDrop,
    check: (text: string) => parseDropLimit(text),
  },
  budget: {
    message: 'How long may a gate measure? (30s, 3m)',
    usual: initDefaults.budget,
    check: (text: string) => parseDurationMs({ flag: '--budget', text }),
  },
  threads: {
    message: 'How many threads for every model?',
    usual: initDefaults.threads,
    check: (text: string) => parseCount({ flag: '--threads', text }),
  },
  baseBranch: { message: 'Which branch do pull requests go to?', check: checkBranch },
} as const;

interface Question {
  readonly message: string;
  readonly usual: string;
  readonly check: (text: string) => unknown;
}

async function settle(prompts: InitPrompts | null, given: string | undefined, question: Question): Promise<string> {
  const answer = given ?? (await prompts?.text(question)) ?? question.usual;
  question.check(answer);
  return answer;
}

/** What git takes for a name, as far as it could be misread elsewhere. Source: git-check-ref-format(1). */
function checkBranch(text: string): void {
  // oxlint-disable-next-line no-control-regex
  const isName = /^[^\s\u0000-\u001F\u007F~^:?*[\\]+$/.test(text) && !/^[-/]|\.\.|@\{|\/\/|[/.]$|\.lock$/.test(text);
  if (!isName)
    throw new UsageError('bad-value', { flag: '--base-branch', value: text, expected: 'the name of a branch' });
}

async function settleModels({ flags, survey, cwd, prompts }: AnswerSources): Promise<readonly GatedChoice[]> {
  const paths = await settlePaths(flags, survey, prompts);
  const given = assignments('--dim', flags.dim, (text) => parseCount({ flag: '--dim', text }));
  const chosen: GatedChoice[] = [];
  checkKnown(given, paths, cwd);
  for (const path of paths) {
    const answer = flags.data ?? (await prompts?.text(dataQuestion(path, cwd))) ?? '';
    const data = answer === '' ? null : fromFolder(checkData(answer, cwd), cwd);
    chosen.push({ path, data, ...(await settleDims({ path, given, cwd, prompts })) });
  }
  return chosen;
}

/** A length that no model has a use for is a typing error. */
function checkKnown(given: Readonly<Record<string, number>>, paths: readonly string[], cwd: string): void {
  if (Object.keys(given).length === 0) return;
  const known = [...new Set(paths.flatMap((path) => dimensionsOf(resolve(cwd, path)).all))];
  const dimension = Object.keys(given).find((name) => !known.includes(name));
  if (dimension !== undefined) throw new UsageError('unknown-dimension', { dimension, known });
}

interface DimSources {
  readonly path: string;
  readonly given: Readonly<Record<string, number>>;
  readonly cwd: string;
  readonly prompts: InitPrompts | null;
}

/** Lengths that nothing tells, of those that the model has. */
async function settleDims({ path, given, cwd, prompts }: DimSources): Promise<Pick<GatedChoice, 'dims' | 'openDims'>> {
  const { open, all } = dimensionsOf(resolve(cwd, path));
  const dims = new Map(Object.entries(given).filter(([name]) => all.includes(name)));
  const missing = open.filter((name) => !dims.has(name));
  if (prompts === null) return { dims: Object.fromEntries(dims), openDims: missing };
  for (const name of missing) dims.set(name, Number(await prompts.text(lengthQuestion(name, path))));
  return { dims: Object.fromEntries(dims), openDims: [] };
}

function lengthQuestion(name: string, path: string): Question {
  const message = `How long is the dimension ${shortName(name)} of ${shortName(path)}?`;
  return { message, usual: '1', check: (text) => parseCount({ flag: '--dim', text }) };
}

async function settlePaths(flags: InitFlags, { models }: Survey, prompts: InitPrompts | null) {
  const known = models.map(({ path }) => path);
  if (flags.model !== undefined)
    return [
      ...new Set(flags.model.map((text) => parseName({ flag: '--model', text: text.replace(/^\.\//, '') }, known))),
    ];
  if (prompts === null) return known.slice(0, mostModels);
  if (known.length === 1) return known;
  const choices = models.map((model) => ({ value: model.path, name: modelLine(model) }));
  const picked = await prompts.pick('Which models are gated?', choices);
  return known.filter((path) => picked.includes(path));
}

/** Models that were found and are not gated, because they are too many to be taken without a word. */
export function modelsLeftOut({ models }: Survey, answers: InitAnswers, flags: InitFlags): readonly FoundModel[] {
  if (flags.model !== undefined || models.length <= mostModels) return [];
  return models.filter(({ path }) => answers.models.every((chosen) => chosen.path !== path));
}

/** A path and its size, safe for a terminal. */
function modelLine({ path, sizeBytes, isPointer }: FoundModel): string {
  return `${shortName(path)} (${formatBytes(sizeBytes)}${isPointer ? ', in Git LFS' : ''})`;
}

function dataQuestion(path: string, cwd: string): Question {
  return {
    message: `Labeled samples to judge the quality of ${shortName(path)} on? (.npz, .jsonl, a folder; Enter for none)`,
    usual: '',
    check: (answer) => answer === '' || checkData(answer, cwd),
  };
}

function checkData(path: string, cwd: string): string {
  if (!existsSync(resolve(cwd, path)))
    throw new UsageError('file-missing', { path, what: 'file or folder of samples' });
  return path;
}

/** As the config has it: from its folder, with `/`. */
function fromFolder(path: string, cwd: string): string {
  const inside = isAbsolute(path) ? relative(cwd, path) : path;
  return sep === '\\' ? inside.replaceAll('\\', '/') : inside;
}
