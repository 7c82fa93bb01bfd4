import type { BenchResult } from '../../bench/bench-result.ts';
import { defaultTolerance } from '../../compute/compare-outputs.ts';
import type { Finding } from '../../errors.ts';
import { InferError } from '../../errors.ts';
import type { Estimate } from '../../result/envelope.ts';
import type { BenchRequest } from '../bench.ts';
import { bench } from '../bench.ts';
import type { TrialWork } from './trial-work.ts';

/** How fast a model is, beside the original in the same rounds. */
export interface MeasuredCandidate {
  readonly latencyMs: Estimate;
  readonly speedup: Estimate;
  readonly pairs: number;
  readonly originalMs: Estimate;
}

export interface Measurement {
  /** By path; those that failed are missing. */
  readonly candidates: ReadonlyMap<string, MeasuredCandidate>;
  readonly failure: Finding | null;
  readonly interrupted: boolean;
  readonly warnings: readonly Finding[];
}

const shownWarnings: ReadonlySet<string> = new Set(['noisy-machine', 'one-round']);

/** Measures models in interleaved rounds against the original. What goes wrong is a part of what it returns. */
export async function measureCandidates(
  work: TrialWork,
  paths: readonly string[],
  budgetMs: number,
): Promise<Measurement> {
  const { context } = work;
  const nothing = { candidates: new Map(), failure: null, interrupted: false, warnings: [] };
  try {
    const result = await bench(await benchRequest(work, paths, budgetMs), {
      ...context,
      onEvent: (event) => context.onEvent({ kind: 'bench', event }),
      onCheckpoint: () => undefined,
    });
    return measurementOf(result, paths);
  } catch (error) {
    if (context.signal.aborted) return { ...nothing, interrupted: true };
    if (!(error instanceof InferError)) throw error;
    return { ...nothing, failure: { code: error.code, details: { ...error.details } } };
  }
}

async function benchRequest(work: TrialWork, paths: readonly string[], budgetMs: number): Promise<BenchRequest> {
  const { request, feeds, threads } = work;
  return {
    models: [request.modelPath, ...paths],
    providers: ['cpu'],
    threads: [threads],
    instances: [1],
    dims: {},
    batches: request.data.batch === null || feeds.batchAxis.kind !== 'symbolic' ? [] : [request.data.batch],
    inputs: { shapes: {}, values: {}, batchDimension: request.data.batchDimension, poolSize: 4 },
    dataPath: request.data.path,
    samples: null,
    loaded: await feeds.benchSamples(),
    protocol: {
      seed: request.seed,
      precision: 0.01,
      rounds: 5,
      maxRounds: 30,
      minRuns: 20,
      minMs: 300,
      warmUpMs: 150,
      budgetMs,
      budgetIsHard: false,
      timeoutMs: request.timeoutMs,
      optimization: 'all',
      strictProvider: false,
      tolerance: defaultTolerance,
    },
  };
}

function measurementOf(
  { points, comparisons, warnings, interrupted }: BenchResult,
  paths: readonly string[],
): Measurement {
  const candidates = new Map<string, MeasuredCandidate>();
  const base = points.find(({ modelIndex }) => modelIndex === 0)?.latencyMs?.p50;
  for (const { point, speedup, pairs } of comparisons) {
    const measured = points[point];
    const path = paths[(measured?.modelIndex ?? 0) - 1];
    const latency = measured?.latencyMs?.p50;
    if (path === undefined || latency === undefined || base === undefined) continue;
    candidates.set(path, { latencyMs: latency, speedup, pairs, originalMs: base });
  }
  const failed = points.find(({ status, modelIndex }) => status === 'failed' && modelIndex === 0);
  return {
    candidates,
    failure: failed?.reason ?? null,
    interrupted,
    warnings: warnings.filter(({ code }) => shownWarnings.has(code)),
  };
}
