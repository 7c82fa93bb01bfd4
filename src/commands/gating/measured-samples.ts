import { findDimension } from '../../data/dimension-names.ts';
import { datasetOrder } from '../../data/dataset-order.ts';
import type { Sample } from '../../data/sample.ts';
import type { ModelSignature } from '../../onnx/signature.ts';
import { adaptFeeds } from '../adapt-feeds.ts';
import { boundLengths } from '../bound-lengths.ts';
import { choosePairs } from '../choose-pairs.ts';
import type { FedModel } from '../fed-model.ts';
import { fedPair } from '../fed-model.ts';
import type { GateScenarioRequest } from '../gate-request.ts';
import { openDatasetFor } from '../open-dataset-for.ts';
import { samplesOf } from '../samples-of.ts';

export interface SamplesQuestion {
  readonly path: string;
  readonly signature: ModelSignature;
  readonly seed: number;
  /** Inputs of a run that are wanted. */
  readonly poolSize: number;
}

/**
 * The samples that a model is measured on: the first of the seeded order, read as `infer evaluate` reads them, so that
 * whatever can be scored can be measured. Null where no data were given. Throws UsageError and DataError.
 */
export async function measuredSamples(
  scenario: GateScenarioRequest,
  { path, signature, seed, poolSize }: SamplesQuestion,
): Promise<readonly Sample[] | null> {
  const { dataPath, values, shapes, batchDimension, quality } = scenario;
  if (dataPath === null) return null;
  const models = fedPair({ model: { path, loaded: { signature } }, reference: null }, batchDimension);
  const lengths = boundLengths(models, { dims: knownDims(scenario.dims, signature), shapes, values });
  // What is said of the data to be scored is true of them here too.
  const {
    preprocess = null,
    tokenizer = null,
    pairs = null,
    task = anyTask,
  } = quality !== null && quality.dataPath === dataPath ? quality : {};
  const wishes = { dataPath, values, preprocess, tokenizer, pairs: choosePairs(pairs, task, models.model) };
  const dataset = await openDatasetFor(models, wishes, lengths);
  try {
    const samples = poolSize * batchOf(models.model, scenario.batch ?? lengths.batch);
    const { chosen } = datasetOrder(dataset.size, { seed, samples });
    const adapt = adaptFeeds(models.model, { values, seed, dims: lengths.dims });
    return await samplesOf(dataset, chosen, adapt);
  } finally {
    await dataset.close();
  }
}

const anyTask = { name: null, outputName: null, metrics: null, topK: 5, blank: 0, vocabulary: null, context: null };

/** What was built into a model is no dimension of it any more. */
function knownDims(dims: GateScenarioRequest['dims'], { inputs }: ModelSignature): GateScenarioRequest['dims'] {
  return Object.fromEntries(Object.entries(dims).filter(([name]) => findDimension(inputs, name) !== null));
}

function batchOf({ batchAxis }: FedModel, asked: number | null): number {
  return batchAxis.kind === 'fixed' ? batchAxis.size : (asked ?? 1);
}
