import { resolve } from 'node:path';
import { nodeProviderNames, parseInputValue } from '../commands/bench-vocabulary.ts';
import type { DistillRequest } from '../commands/distill.ts';
import { lossNames } from '../commands/distill-vocabulary.ts';
import { parsePreprocess } from '../commands/evaluate-vocabulary.ts';
import { UsageError } from '../errors.ts';
import { defaultOutput } from './default-output.ts';
import type { DistillFlags } from './distill-options.ts';
import { assignments, optional } from './flag-values.ts';
import { preprocessText } from './preprocess-text.ts';
import type { FlagText } from './value-syntax.ts';
import {
  parseAssignment,
  parseCount,
  parseDurationMs,
  parseName,
  parseNonNegative,
  parseShape,
  parseShare,
} from './value-syntax.ts';

export interface RequestContext {
  readonly teacher: string;
  readonly student: string;
  readonly data: string;
  readonly cwd: string;
}

/** Reads the flags of `infer distill` into a request. Throws UsageError for the first that does not fit. */
export function readDistillRequest(flags: DistillFlags, context: RequestContext): DistillRequest {
  const { teacher, student, data, cwd } = context;
  return {
    teacherPath: teacher,
    studentPath: student,
    dataPath: data,
    outputPath: flags.output ?? defaultOutput(student, 'distilled'),
    force: flags.force === true,
    acceptWorse: flags.acceptWorse === true,
    settings: { ...lossOf(flags), ...courseOf(flags) },
    inputs: {
      dims: assignments('--dim', flags.dim, (text) => parseCount({ flag: '--dim', text }, 0)),
      shapes: assignments('--shape', flags.shape, (text) => parseShape({ flag: '--shape', text })),
      values: assignments('--input', flags.input, parseInputValue),
    },
    preprocess: flags.preprocess === undefined ? null : parsePreprocess(preprocessText(flags.preprocess)),
    tokenizer: optional(flags.tokenizer, (path) => resolve(cwd, path)),
    resume: flags.resume === undefined ? 'auto' : flags.resume ? 'required' : 'new',
    keepCheckpoint: flags.keepCheckpoint === true,
    provider: parseName({ flag: '--ep', text: flags.ep }, nodeProviderNames),
    strictProvider: flags.strictEp === true,
    threads: optional(flags.threads, (text) => parseCount({ flag: '--threads', text })),
    timeoutMs: parseDurationMs({ flag: '--timeout', text: flags.timeout }),
  };
}

type Settings = DistillRequest['settings'];

function lossOf(flags: DistillFlags) {
  const match = (flags.match ?? []).map((text) => {
    const [student, teacher] = parseAssignment({ flag: '--match', text });
    return { student, teacher };
  });
  return {
    loss: parseName({ flag: '--loss', text: flags.loss }, ['auto', ...lossNames]),
    alpha: optional(flags.alpha, (text) => parseAlpha({ flag: '--alpha', text })),
    temperature: parsePositive({ flag: '--temperature', text: flags.temperature }),
    match,
    matchWeight: parsePositive({ flag: '--match-weight', text: flags.matchWeight }),
    freeze: typeof flags.freeze === 'string' ? flags.freeze.split(',') : (flags.freeze ?? []),
  } satisfies Partial<Settings>;
}

function courseOf(flags: DistillFlags) {
  const patience = parseCount({ flag: '--patience', text: flags.patience }, 0);
  return {
    optimizer: parseName({ flag: '--optimizer', text: flags.optimizer }, ['adamw', 'sgd'] as const),
    learningRate: optional(flags.lr, (text) => parsePositive({ flag: '--lr', text })),
    weightDecay: optional(flags.weightDecay, (text) => parseNonNegative({ flag: '--weight-decay', text })),
    maxGradientNorm: optional(flags.clip, (text) => parsePositive({ flag: '--clip', text })),
    warmUp: flags.warmUp.trim() === '0' ? 0 : parsePart({ flag: '--warm-up', text: flags.warmUp }),
    epochs: parseCount({ flag: '--epochs', text: flags.epochs }),
    steps: optional(flags.steps, (text) => parseCount({ flag: '--steps', text })),
    batch: parseCount({ flag: '--batch', text: flags.batch }),
    samples: optional(flags.samples, (text) => parseCount({ flag: '--samples', text }, 2)),
    holdout: parsePart({ flag: '--holdout', text: flags.holdout }),
    patience: patience === 0 ? null : patience,
    randomInit: flags.randomInit === true,
    seed: parseCount({ flag: '--seed', text: flags.seed }, 0),
  } satisfies Partial<Settings>;
}

/** `10%` or `0.1` as a share, `200` as a number. */
function parsePart({ flag, text }: FlagText): number {
  return /^\d+$/.test(text.trim()) ? parseCount({ flag, text }) : parseShare({ flag, text });
}

function parseAlpha({ flag, text }: FlagText): number {
  const value = parseNonNegative({ flag, text });
  if (value > 1) throw new UsageError('bad-value', { flag, value: text, expected: 'a share from 0 to 1' });
  return value;
}

function parsePositive({ flag, text }: FlagText): number {
  const value = parseNonNegative({ flag, text });
  if (value === 0) throw new UsageError('bad-value', { flag, value: text, expected: 'a number above 0' });
  return value;
}
