import type { DropLimit } from '../../evaluate/drop-limit.ts';
import { evaluateModels } from '../../evaluate/evaluate-models.ts';
import type { EvaluateFindings } from '../../evaluate/evaluate-result.ts';
import { castFeeds } from '../cast-feeds.ts';
import type { SampleSet } from './feeds.ts';
import type { TrialWork } from './trial-work.ts';

export interface Comparing {
  /** For progress and errors. */
  readonly name: string;
  readonly path: string;
  readonly samples: SampleSet;
  readonly maxDrop: DropLimit | null;
}

/** Runs a candidate beside the original. Throws as `evaluateModels`, and what loading it throws. */
export async function compareCandidate(
  { request, context, runner, feeds, reference }: TrialWork,
  { name, path, samples, maxDrop }: Comparing,
): Promise<EvaluateFindings> {
  const loaded = await runner.load({ path }, { name, optimization: 'all' });
  const { batchAxis, dataset } = feeds;
  const adapt = (tensors: Parameters<typeof feeds.adapt>[0]) => feeds.adapt(tensors);
  try {
    return await evaluateModels({
      dataset,
      batches: samples.batches(),
      samples: samples.samples,
      // A model in float16 takes its inputs so.
      model: { name, loaded, batchAxis, adapt: (tensors) => castFeeds(adapt(tensors), loaded.signature.inputs) },
      reference: { name: request.modelPath, loaded: reference, batchAxis, adapt },
      task: request.task,
      maxDrop,
      minSqnrDb: null,
      seed: request.seed,
      nowMs: () => context.runtime.nowMs(),
      signal: context.signal,
      onProgress: (progress) => context.onEvent({ kind: 'evaluating', name, done: progress.samples, of: progress.of }),
    });
  } finally {
    await loaded.release();
  }
}

/** The signal-to-noise ratio of the output that is farthest from the original's, in dB; null when all are equal. */
export function leastSqnrDb({ closeness }: Pick<EvaluateFindings, 'closeness'>): number | null {
  const known = closeness.flatMap(({ sqnrDb, exact }) => (exact || sqnrDb === null ? [] : [sqnrDb.value]));
  return known.length === 0 ? null : Math.min(...known);
}
