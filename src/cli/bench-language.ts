import { resolve } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { BenchRequest } from '../commands/bench.ts';
import { isPromptFile, onBrowser } from '../commands/bench-vocabulary.ts';
import { UsageError } from '../errors.ts';
import { optional } from './flag-values.ts';
import { parseList } from './value-syntax.ts';

const modes = ['auto', 'on', 'off'] as const;

/** Options of `infer bench` for models that write text. */
export interface LanguageFlags {
  readonly lm: (typeof modes)[number];
  readonly promptTokens?: string;
  readonly newTokens?: string;
  readonly stopIds?: string;
  readonly tokenizer?: string;
  readonly showText?: boolean;
}

/** Fewest requests of a block: each has as many times between tokens as it writes. */
const usualRequests = 4;

export function addLanguageOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '--lm <mode>',
        'measure language models by the text they write; auto: where all are decoders with a cache',
      )
        .choices([...modes])
        .default('auto'),
    )
    .option('--prompt-tokens <list>', 'lengths of prompts (default: those of --data, or 128)')
    .option('--new-tokens <list>', 'tokens to write after each prompt, the likeliest (default: 64)')
    .option('--stop-ids <list>', 'token ids that end a text before its length (default: none do)')
    .option('--tokenizer <file>', 'tokenizer.json for prompts that are texts, and to show what is written')
    .option('--show-text', 'show what is written after the first prompt, checked against writing without the cache');
}

/** The rest of the flags that decide whether text is written. */
export interface LanguageContext {
  readonly cwd: string;
  readonly providers: BenchRequest['providers'];
  /** Flags that were given and that only single runs have. */
  readonly runFlags: readonly string[];
  readonly data: string | undefined;
  /** Fewest runs of a block, where the user said how many. */
  readonly minRuns: number | null;
}

/** What flags say of writing text; nothing for single runs. Throws UsageError for flags that do not fit together. */
export function readLanguage(flags: LanguageFlags, context: LanguageContext): Pick<BenchRequest, 'language'> {
  const [asking] = askingFlags(flags, context.data);
  if (flags.lm === 'off') {
    if (asking === undefined) return {};
    throw conflict(asking, '--lm off', 'it is about the text that a model writes');
  }
  const mode = asking !== undefined || flags.lm === 'on' ? 'on' : 'auto';
  const browser = context.providers.find((provider) => onBrowser(provider));
  const [runFlag] = context.runFlags;
  if (mode === 'auto' && (browser !== undefined || runFlag !== undefined || context.data !== undefined)) return {};
  const own = asking ?? '--lm on';
  if (browser !== undefined) throw conflict(own, `--ep ${browser}`, 'text is written in onnxruntime-node alone');
  if (runFlag !== undefined) throw conflict(own, runFlag, 'what is fed follows from the prompts');
  if (context.data !== undefined && !isPromptFile(context.data))
    throw new UsageError('bad-value', {
      flag: '--data',
      value: context.data,
      expected: 'a .jsonl file with texts or ids, or a .txt file with a prompt a line, which prompts are read from',
    });
  return { language: { mode, ...settingsOf(flags, context) } };
}

function askingFlags(flags: LanguageFlags, data: string | undefined): readonly string[] {
  return [
    flags.promptTokens === undefined ? [] : ['--prompt-tokens'],
    flags.newTokens === undefined ? [] : ['--new-tokens'],
    flags.stopIds === undefined ? [] : ['--stop-ids'],
    flags.tokenizer === undefined ? [] : ['--tokenizer'],
    flags.showText === true ? ['--show-text'] : [],
    data !== undefined && isPromptFile(data) ? [`--data ${data}`] : [],
  ].flat();
}

function settingsOf(flags: LanguageFlags, { cwd, minRuns }: LanguageContext) {
  return {
    promptTokens: optional(flags.promptTokens, (text) => parseList({ flag: '--prompt-tokens', text })) ?? [],
    // One token has no time to the next.
    newTokens: optional(flags.newTokens, (text) => parseList({ flag: '--new-tokens', text }, 2)) ?? [],
    stopIds: optional(flags.stopIds, (text) => parseList({ flag: '--stop-ids', text }, 0)) ?? [],
    minRequests: minRuns ?? usualRequests,
    showText: flags.showText === true,
    tokenizer: optional(flags.tokenizer, (path) => resolve(cwd, path)),
  };
}

function conflict(flag: string, other: string, problem: string): UsageError {
  return new UsageError('flags-conflict', { flag, other, problem });
}
