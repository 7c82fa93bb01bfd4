import { resolve } from 'node:path';
import type { BenchRequest } from '../commands/bench.ts';
import {
  onBrowser,
  onNvidia,
  optimizationLevels,
  parseInputValue,
  providerNames,
} from '../commands/bench-vocabulary.ts';
import { UsageError } from '../errors.ts';
import type { BenchFlags } from './bench-options.ts';
import { readLanguage } from './bench-language.ts';
import { readLoadSettings } from './bench-load.ts';
import { parseCoresList, parseLatencyLimit } from './bench-syntax.ts';
import { assignments, optional } from './flag-values.ts';
import {
  parseCount,
  parseDurationMs,
  parseList,
  parseName,
  parseNonNegative,
  parseShape,
  parseShare,
} from './value-syntax.ts';

export interface RequestContext {
  readonly models: readonly string[];
  readonly cwd: string;
  /** Whether the user gave `--budget`: it is kept then, whatever it costs in runs and rounds. */
  readonly budgetIsHard: boolean;
  /** Whether the user gave `--min-runs`: a block of requests for text has far fewer otherwise. */
  readonly minRunsAreGiven?: boolean;
}

/** Reads the flags of `infer bench` into a request. Throws UsageError for the first that does not fit. */
export function readBenchRequest(flags: BenchFlags, context: RequestContext): BenchRequest {
  const providers = [...new Set(flags.ep.split(',').map((text) => parseName({ flag: '--ep', text }, providerNames)))];
  return {
    models: context.models,
    providers,
    ...deviceOf(flags.device, providers),
    ...browserOf(flags.browser, providers),
    ...pinOf(flags, providers),
    threads: optional(flags.threads, (text) => parseCoresList({ flag: '--threads', text })) ?? [],
    instances: parseCoresList({ flag: '--instances', text: flags.instances }),
    ...(flags.fitCores === true && { fitCores: true }),
    ...limitOf(flags),
    ...readLoadSettings(flags, { cwd: context.cwd, providers }),
    ...languageOf(flags, providers, context),
    dims: assignments('--dim', flags.dim, (text) => parseList({ flag: '--dim', text }, 0)),
    batches: optional(flags.batch, (text) => parseList({ flag: '--batch', text })) ?? [],
    inputs: {
      shapes: assignments('--shape', flags.shape, (text) => parseShape({ flag: '--shape', text })),
      values: assignments('--input', flags.input, parseInputValue),
      batchDimension: flags.batchDim,
      poolSize: parseCount({ flag: '--pool', text: flags.pool }),
    },
    dataPath: optional(flags.data, (path) => resolve(context.cwd, path)),
    samples: optional(flags.samples, (text) => parseCount({ flag: '--samples', text })),
    protocol: protocolOf(flags, context),
  };
}

function given(flag: string, value: readonly string[] | string | undefined): readonly string[] {
  return value === undefined || value.length === 0 ? [] : [flag];
}

function languageOf(
  flags: BenchFlags,
  providers: BenchRequest['providers'],
  { cwd, minRunsAreGiven }: RequestContext,
): Pick<BenchRequest, 'language'> {
  const runFlags = [
    ...given('--dim', flags.dim),
    ...given('--shape', flags.shape),
    ...given('--input', flags.input),
    ...given('--batch-dim', flags.batchDim),
    ...given('--max-latency', flags.maxLatency),
    ...given('--rate', flags.rate),
    ...(flags.findMax === true ? ['--find-max'] : []),
  ];
  const minRuns = minRunsAreGiven === true ? parseCount({ flag: '--min-runs', text: flags.minRuns }) : null;
  return readLanguage(flags, { cwd, providers, runFlags, data: flags.data, minRuns });
}

/** A GPU's number is nothing without a provider that takes one. */
function deviceOf(text: string | undefined, providers: BenchRequest['providers']): Pick<BenchRequest, 'device'> {
  if (text === undefined) return {};
  if (providers.some(onNvidia)) return { device: parseCount({ flag: '--device', text }, 0) };
  const problem = 'only cuda and tensorrt take the number of a GPU';
  throw new UsageError('flags-conflict', { flag: '--device', other: `--ep ${providers.join(',')}`, problem });
}

function limitOf({ maxLatency: text }: BenchFlags): Pick<BenchRequest, 'maxLatency'> {
  return text === undefined ? {} : { maxLatency: parseLatencyLimit({ flag: '--max-latency', text }) };
}

function browserOf(path: string | undefined, providers: BenchRequest['providers']): Pick<BenchRequest, 'browser'> {
  if (path === undefined) return {};
  if (providers.some(onBrowser)) return { browser: path };
  const problem = 'only browser-webgpu and browser-wasm run in a browser';
  throw new UsageError('flags-conflict', { flag: '--browser', other: `--ep ${providers.join(',')}`, problem });
}

/** A page runs in a browser's processes, which are not ours to hold. */
function pinOf({ pin }: BenchFlags, providers: BenchRequest['providers']): Pick<BenchRequest, 'pin'> {
  const browser = providers.find((provider) => onBrowser(provider));
  if (pin !== true) return {};
  if (browser === undefined) return { pin };
  const problem = "a browser's processes cannot be pinned";
  throw new UsageError('flags-conflict', { flag: '--pin', other: `--ep ${browser}`, problem });
}

function protocolOf(flags: BenchFlags, { budgetIsHard }: RequestContext): BenchRequest['protocol'] {
  const rounds = parseCount({ flag: '--rounds', text: flags.rounds });
  return {
    seed: parseCount({ flag: '--seed', text: flags.seed }, 0),
    precision: parseShare({ flag: '--precision', text: flags.precision }),
    rounds,
    maxRounds: parseMaxRounds(flags.maxRounds, rounds),
    minRuns: parseCount({ flag: '--min-runs', text: flags.minRuns }),
    minMs: parseDurationMs({ flag: '--min-time', text: flags.minTime }),
    warmUpMs: parseDurationMs({ flag: '--warmup', text: flags.warmup }),
    budgetMs: parseDurationMs({ flag: '--budget', text: flags.budget }),
    budgetIsHard,
    timeoutMs: parseDurationMs({ flag: '--timeout', text: flags.timeout }),
    optimization: parseName({ flag: '--optimization', text: flags.optimization }, optimizationLevels),
    strictProvider: flags.strictEp === true,
    tolerance: {
      absolute: parseNonNegative({ flag: '--atol', text: flags.atol }),
      relative: parseNonNegative({ flag: '--rtol', text: flags.rtol }),
    },
  };
}

function parseMaxRounds(text: string, rounds: number): number {
  const most = parseCount({ flag: '--max-rounds', text });
  if (most >= rounds) return most;
  throw new UsageError('bad-value', {
    flag: '--max-rounds',
    value: text,
    expected: `at least the ${rounds} of --rounds`,
  });
}
