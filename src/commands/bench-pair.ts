import type { BenchResult } from '../bench/bench-result.ts';
import { defaultTolerance } from '../compute/compare-outputs.ts';
import { InferError } from '../errors.ts';
import type { OptimizeResult } from '../optimize/optimize-result.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { bench } from './bench.ts';
import type { BenchRequest } from './bench.ts';
import type { ComparedInputs } from './compared-inputs.ts';
import type { Envelope } from './envelope.ts';
import type { OptimizeEvent } from './optimize-event.ts';

export interface BenchPairRequest {
  readonly base: string;
  readonly head: string;
  readonly dims: Readonly<Record<string, number>>;
  readonly inputs: ComparedInputs;
  /** Null: as many as there are usable cores. */
  readonly threads: number | null;
  readonly budgetMs: number;
  readonly timeoutMs: number;
  readonly context: {
    readonly runtime: Runtime;
    readonly envelope: Envelope;
    readonly signal: AbortSignal;
    readonly onEvent: (event: OptimizeEvent) => void;
  };
}

/** How two models compare in time, and what to know before believing it. */
export type PairTiming = Pick<OptimizeResult, 'speedup' | 'benchFailure' | 'interrupted' | 'warnings'>;

/** Nothing was measured, and nothing went wrong. */
export const untimed: PairTiming = { speedup: null, benchFailure: null, interrupted: false, warnings: [] };

/**
 * Measures two models in interleaved rounds and tells how much faster the second is. The models are written by then:
 * what goes wrong is a part of what it returns.
 */
export async function benchPair(request: BenchPairRequest): Promise<PairTiming> {
  const { context } = request;
  try {
    const result = await bench(benchRequest(request), {
      ...context,
      onEvent: (event) => context.onEvent({ kind: 'bench', event }),
      onCheckpoint: () => undefined,
    });
    return timingOf(result);
  } catch (error) {
    if (context.signal.aborted) return { ...untimed, interrupted: true };
    if (!(error instanceof InferError)) throw error;
    return { ...untimed, benchFailure: { code: error.code, details: { ...error.details } } };
  }
}

function benchRequest({ base, head, dims, inputs, threads, budgetMs, timeoutMs }: BenchPairRequest): BenchRequest {
  return {
    models: [base, head],
    providers: ['cpu'],
    threads: threads === null ? [] : [threads],
    instances: [1],
    dims: listsOf(dims),
    batches: [],
    inputs: { shapes: inputs.shapes, values: inputs.values, batchDimension: undefined, poolSize: 4 },
    dataPath: inputs.dataPath,
    samples: inputs.samples,
    protocol: {
      seed: inputs.seed,
      precision: 0.02,
      rounds: 3,
      maxRounds: 30,
      minRuns: 30,
      minMs: 500,
      warmUpMs: 200,
      budgetMs,
      budgetIsHard: false,
      timeoutMs,
      optimization: 'all',
      strictProvider: false,
      tolerance: defaultTolerance,
    },
  };
}

/** Both models are bound alike: a dimension that is baked into the second one is still the first one's to be bound. */
function listsOf(dims: BenchPairRequest['dims']): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(Object.entries(dims).map(([name, value]) => [name, [value]]));
}

/** Others are about what is not shown here, or have been said of the comparison. */
const shownWarnings: ReadonlySet<string> = new Set(['noisy-machine', 'warm-up-unsettled', 'one-round']);

function timingOf({ comparisons, points, warnings, interrupted }: BenchResult): PairTiming {
  const [comparison] = comparisons;
  const point = comparison && points[comparison.point];
  return {
    speedup: point
      ? { ratio: comparison.speedup, pairs: comparison.pairs, ep: point.ep, threads: point.threads }
      : null,
    benchFailure: points.find(({ status }) => status === 'failed')?.reason ?? null,
    interrupted,
    warnings: warnings.filter(({ code }) => shownWarnings.has(code)),
  };
}
