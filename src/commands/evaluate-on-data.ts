import { batchesOf } from '../data/batches-of.ts';
import type { Dataset } from '../data/dataset.ts';
import type { PairUse } from '../data/dataset-options.ts';
import { datasetOrder } from '../data/dataset-order.ts';
import { openDataset } from '../data/open-dataset.ts';
import { evaluateModels } from '../evaluate/evaluate-models.ts';
import type { EvaluatedModel } from '../evaluate/evaluate-options.ts';
import type { EvaluateFindings, EvaluateResult } from '../evaluate/evaluate-result.ts';
import { thisWorkplace } from '../runtime/workplace.ts';
import { adaptFeeds } from './adapt-feeds.ts';
import type { BoundLengths } from './bound-lengths.ts';
import { boundLengths } from './bound-lengths.ts';
import { checkScorable } from './check-scorable.ts';
import { chooseBatch } from './choose-batch.ts';
import { choosePairs } from './choose-pairs.ts';
import type { EvaluateContext, EvaluateRequest } from './evaluate.ts';
import type { FedModel, LoadedFile } from './fed-model.ts';
import { fedPair } from './fed-model.ts';
import { jointInputs, withLengths } from './joint-inputs.ts';
import type { ModelPair } from './model-pair.ts';
import { withInputHint } from './with-input-hint.ts';

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
  const dataset = await openFor(models, { ...request, pairs }, lengths);
  try {
    const { chosen } = datasetOrder(dataset.size, request);
    const batch = await settle(dataset, chosen, { asked: request.batch ?? lengths.batch, models });
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

async function openFor(
  models: ModelPair<FedModel>,
  { dataPath, values, preprocess, tokenizer, pairs }: EvaluateRequest & { readonly pairs: PairUse },
  { dims }: BoundLengths,
): Promise<Dataset> {
  const { inputs, batchAxis } = withLengths(jointInputs(models), dims);
  const { outputs } = models.model.signature;
  const given = new Set(Object.keys(values));
  const workplace = thisWorkplace();
  return withInputHint(inputs, () =>
    openDataset(dataPath, { inputs, outputs, batchAxis, given, preprocess, tokenizer, pairs, workplace }),
  );
}

interface Settling {
  readonly asked: number | null;
  readonly models: ModelPair<FedModel>;
}

/** One sample tells how large a batch may be, and whether there is anything to score. */
async function settle(dataset: Dataset, chosen: Uint32Array, { asked, models }: Settling): Promise<number> {
  const first = await dataset.read([...chosen.subarray(0, 1)]);
  checkScorable(first, { hasLabels: dataset.hasLabels, hasReference: models.reference !== null });
  return chooseBatch(dataset, { asked, signature: models.model.signature, oneSample: first.feeds });
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
