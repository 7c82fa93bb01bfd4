import { resolve } from 'node:path';
import type { BenchRequest } from '../commands/bench.ts';
import { optimizationLevels, parseInputValue, providerNames } from '../commands/bench-vocabulary.ts';
import { UsageError } from '../errors.ts';
import type { BenchFlags } from './bench-options.ts';
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
}

/** Reads the flags of `infer bench` into a request. Throws UsageError for the first that does not fit. */
export function readBenchRequest(flags: BenchFlags, context: RequestContext): BenchRequest {
  return {
    models: context.models,
    providers: [...new Set(flags.ep.split(',').map((text) => parseName({ flag: '--ep', text }, providerNames)))],
    threads: optional(flags.threads, (text) => parseList({ flag: '--threads', text })) ?? [],
    instances: parseList({ flag: '--instances', text: flags.instances }),
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
