import { parseDropLimit } from '../commands/evaluate-vocabulary.ts';
import type { QuantizeGoals, QuantizeRequest } from '../commands/quantize-request.ts';
import {
  activationTypes,
  blockAlgorithms,
  calibrationMethods,
  methods,
  targets,
} from '../commands/quantize-vocabulary.ts';
import { UsageError } from '../errors.ts';
import type { Scheme } from '../quantize/vocabulary.ts';
import { checkJudging } from './check-judging.ts';
import { defaultOutput } from './default-output.ts';
import { optional, patternsIn } from './flag-values.ts';
import { parseFactor, parseSizeLimit } from './limit-syntax.ts';
import { placeOfData } from './place-of-data.ts';
import { checkConflicts } from './quantize-conflicts.ts';
import { accuracyLevels, blockSizes } from './quantize-figures.ts';
import type { QuantizeFlags } from './quantize-options.ts';
import { readFeed, readPlace, readTask } from './read-scoring.ts';
import { doubtPolicies } from './scoring-options.ts';
import type { FlagText } from './value-syntax.ts';
import { parseCount, parseDurationMs, parseName, parseNonNegative } from './value-syntax.ts';

export interface RequestContext {
  readonly model: string;
  readonly scheme: Scheme;
  readonly cwd: string;
  /** Whether an option was on the command line itself. */
  readonly isGiven: (option: string) => boolean;
}

/** What the default name of the output says of it. */
const suffixes: Readonly<Record<Scheme, string>> = {
  int8: 'int8',
  int4: 'int4',
  'int8-weights': 'int8w',
  fp16: 'fp16',
  'int4-fp16': 'int4-fp16',
};

/** Reads the flags of `infer quantize` into a request. Throws UsageError for the first that does not fit. */
export function readQuantizeRequest(flags: QuantizeFlags, context: RequestContext): QuantizeRequest {
  const { model, scheme, cwd, isGiven } = context;
  const settings = settingsOf(flags, scheme);
  checkConflicts({ scheme, method: settings.method, isGiven });
  checkPercentile(settings, isGiven);
  checkJudging(flags, { flag: '--min-speedup', isAsked: flags.minSpeedup !== undefined });
  // Read for its mistakes alone: what doubt means is the exit code's matter.
  parseName({ flag: '--on-inconclusive', text: flags.onInconclusive }, doubtPolicies);
  const { provider, strictProvider, threads, timeoutMs } = readPlace(flags);
  return {
    modelPath: model,
    outputPath: flags.output ?? defaultOutput(model, suffixes[scheme]),
    force: flags.force === true,
    externalData: placeOfData(flags, isGiven),
    settings,
    data: { path: flags.data ?? null, ...readFeed(flags) },
    task: readTask(flags, cwd),
    goals: goalsOf(flags),
    calibrationCache: flags.calibrationCache ?? null,
    provider,
    strictProvider,
    threads,
    verify: flags.verify,
    budgetMs: budgetOf(flags),
    seed: parseCount({ flag: '--seed', text: flags.seed }, 0),
    timeoutMs,
  };
}

type Settings = QuantizeRequest['settings'];

function settingsOf(flags: QuantizeFlags, scheme: Scheme): Settings {
  const target = parseName({ flag: '--target', text: flags.target }, targets);
  // WebGPU rounds what is multiplied in a way of its own where it computes in int8.
  const level = flags.accuracyLevel ?? (target === 'webgpu' ? '0' : '4');
  return {
    scheme,
    method: parseName({ flag: '--method', text: flags.method }, methods),
    target,
    calibration: parseName({ flag: '--calibration', text: flags.calibration }, calibrationMethods),
    percentile: parsePercentile({ flag: '--percentile', text: flags.percentile }),
    activations: parseName({ flag: '--activations', text: flags.activations }, activationTypes),
    perChannel: flags.perTensor !== true,
    reduceRange: flags.reduceRange ?? null,
    blockSize: Number(parseName({ flag: '--block-size', text: flags.blockSize }, blockSizes)),
    symmetric: flags.symmetric === true,
    algorithm: parseName({ flag: '--algorithm', text: flags.algorithm }, blockAlgorithms),
    accuracyLevel: levels[parseName({ flag: '--accuracy-level', text: level }, accuracyLevels)],
    embeddings: flags.embeddings === true,
    smooth: parseSmooth({ flag: '--smooth', text: flags.smooth }),
    biasCorrection: flags.biasCorrection,
    keepIo: flags.keepIo === true,
    exclude: patternsIn(flags.exclude),
  };
}

const levels = { '0': 0, '1': 1, '4': 4 } as const;

function goalsOf(flags: QuantizeFlags): QuantizeGoals {
  return {
    maxDrop: optional(flags.maxDrop, (text) => ({ text, limit: parseDropLimit(text) })),
    minSpeedup: optional(flags.minSpeedup, (text) => ({ text, ratio: parseFactor({ flag: '--min-speedup', text }) })),
    maxSize: optional(flags.maxSize, (text) => ({ text, limit: parseSizeLimit({ flag: '--max-size', text }) })),
    acceptWorse: flags.acceptWorse === true,
  };
}

function budgetOf({ budget, bench }: QuantizeFlags): number | null {
  const budgetMs = parseDurationMs({ flag: '--budget', text: budget });
  return bench ? budgetMs : null;
}

function checkPercentile({ calibration }: Settings, isGiven: RequestContext['isGiven']): void {
  if (!isGiven('percentile') || calibration === 'percentile' || calibration === 'auto') return;
  const other = `--calibration ${calibration}`;
  throw new UsageError('flags-conflict', { flag: '--percentile', other, problem: 'it knows no percentiles' });
}

function parsePercentile({ flag, text }: FlagText): number {
  const value = parseNonNegative({ flag, text });
  if (value > 50 && value <= 100) return value;
  throw new UsageError('bad-value', { flag, value: text, expected: 'a percentile above 50 and up to 100' });
}

function parseSmooth({ flag, text }: FlagText): Settings['smooth'] {
  const word = text.trim();
  if (word === 'off') return null;
  if (word === 'auto') return 'auto';
  const value = /^\d*\.?\d+$/.test(word) ? Number(word) : Number.NaN;
  if (value >= 0 && value <= 1) return value;
  throw new UsageError('bad-value', { flag, value: text, expected: 'off, auto or a number from 0 to 1' });
}
