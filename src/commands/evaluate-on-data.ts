import { batchesOf } from '../data/batches-of.ts';
import type { Dataset } from '../data/dataset.ts';
import { datasetOrder } from '../data/dataset-order.ts';
import { evaluateModels } from '../evaluate/evaluate-models.ts';
import type { EvaluatedModel } from '../evaluate/evaluate-options.ts';
import type { EvaluateFindings, EvaluateResult } from '../evaluate/evaluate-result.ts';
import { adaptFeeds } from './adapt-feeds.ts';
import type { BoundLengths } from './bound-lengths.ts';
import { boundLengths } from './bound-lengths.ts';
import { choosePairs } from './choose-pairs.ts';
import type { EvaluateContext, EvaluateRequest } from './evaluate.ts';
import type { FedModel, LoadedFile } from './fed-model.ts';
import { fedPair } from './fed-model.ts';
import type { ModelPair } from './model-pair.ts';
import { openDatasetFor, settleBatch } from './open-dataset-for.ts';

/** What is known once the data are run. */
export interface EvaluatedOnData {
  readonly findings: EvaluateFindings;
  readonly data: EvaluateResult['data'];
  readonly settings: Omit<EvaluateResult['settings'], 'threads' | 'ep' | 'optimization'>;
}

/** Opens the data as the loaded models take them, and runs them. Throws UsageError, DataError, RuntimeError. */
export async function evaluateOnData(
  files: ModelPair<LoadedFile>,
  request: EvaluateRequest,
  context: EvaluateContext,
): Promise<EvaluatedOnData> {
  const models = fedPair(files, request.batchDimension);
  const lengths = boundLengths(models, request);
  context.onEvent({ kind: 'opening', path: request.dataPath });
  const pairs = choosePairs(request.pairs, request.task, models.model);
  const dataset = await openDatasetFor(models, { ...request, pairs }, lengths);
  try {
    const { chosen } = datasetOrder(dataset.size, request);
    const batch = await settleBatch(dataset, chosen, { asked: request.batch ?? lengths.batch, models });
    const findings = await run({ files, models, lengths, dataset, chosen, batch }, request, context);
    const { seed, samples, task } = request;
    return {
      findings,
      data: { path: request.dataPath, size: dataset.size, labeled: dataset.hasLabels },
      settings: {
        batch,
        seed,
        samples,
        dims: { ...lengths.dims },
        pairs: dataset.hasPairs ? pairs : null,
        ...told(task),
      },
    };
  } finally {
    await dataset.close();
  }
}

function told({ topK, blank, context }: EvaluateRequest['task']) {
  return { topK, blank, context };
}

interface Run {
  readonly files: ModelPair<LoadedFile>;
  readonly models: ModelPair<FedModel>;
  readonly lengths: BoundLengths;
  readonly dataset: Dataset;
  readonly chosen: Uint32Array;
  readonly batch: number;
}

function run(
  { files, models, lengths: { dims }, dataset, chosen, batch }: Run,
  { values, seed, task, goal }: EvaluateRequest,
  { runtime, signal, onEvent }: EvaluateContext,
): Promise<EvaluateFindings> {
  const evaluated = ({ path, loaded }: LoadedFile, fed: FedModel): EvaluatedModel => {
    return { name: path, loaded, batchAxis: fed.batchAxis, adapt: adaptFeeds(fed, { values, seed, dims }) };
  };
  const startMs = runtime.nowMs();
  return evaluateModels({
    dataset,
    batches: batchesOf(dataset, { indices: chosen, batch }),
    samples: chosen.length,
    model: evaluated(files.model, models.model),
    reference: files.reference && models.reference && evaluated(files.reference, models.reference),
    task,
    maxDrop: goal.maxDrop?.limit ?? null,
    minSqnrDb: goal.minSqnrDb,
    seed,
    nowMs: () => runtime.nowMs(),
    signal,
    onProgress: ({ samples, of }) =>
      onEvent({ kind: 'samples', done: samples, of, elapsedMs: runtime.nowMs() - startMs }),
  });
}
