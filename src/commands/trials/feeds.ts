import type { BatchAxis } from '../../data/batch-axis.ts';
import { findBatchAxis } from '../../data/batch-axis.ts';
import { batchesOf } from '../../data/batches-of.ts';
import type { Dataset, DatasetBatch } from '../../data/dataset.ts';
import { datasetOrder } from '../../data/dataset-order.ts';
import { resolveInputs } from '../../data/resolve-inputs.ts';
import type { Sample } from '../../data/sample.ts';
import type { Finding } from '../../errors.ts';
import { batchLengthOf } from '../../evaluate/sample-rows.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { Model } from '../../onnx/model.ts';
import type { ModelSignature } from '../../onnx/signature.ts';
import type { LoadedModel } from '../../runtime/model-runner.ts';
import { adaptFeeds } from '../adapt-feeds.ts';
import { boundLengths } from '../bound-lengths.ts';
import { choosePairs } from '../choose-pairs.ts';
import { inputRequestOf, withHint } from '../compared-inputs.ts';
import { fedPair } from '../fed-model.ts';
import { openDatasetFor, settleBatch } from '../open-dataset-for.ts';
import { samplesOf } from '../samples-of.ts';
import type { TrialRequest } from './trial-work.ts';

/** Batches of samples that can be gone through again and again. */
export interface SampleSet {
  readonly samples: number;
  batches(): AsyncIterable<DatasetBatch>;
}

/** What models are fed while they are rewritten, compared and measured. */
export interface TrialFeeds {
  readonly source: 'data' | 'synthetic';
  readonly dataset: Pick<Dataset, 'path' | 'originOf' | 'hasLabels'>;
  readonly batchAxis: BatchAxis;
  readonly dims: Readonly<Record<string, number>>;
  /** The data's inputs as the model takes them. */
  adapt(feeds: NamedTensors): NamedTensors;
  readonly calibration: SampleSet;
  /** Held out where there are enough samples for both. */
  readonly evaluation: SampleSet;
  /** So many of the samples that outputs are compared on, at most. */
  part(samples: number): SampleSet;
  /** The same of those that calibrate. */
  calibrationPart(samples: number): SampleSet;
  /** How many of the data's samples, from the first of the seeded order, nothing is judged on. */
  readonly trainingSamples: number;
  /** A few samples, each by itself, for measuring latency. */
  benchSamples(): Promise<readonly Sample[]>;
  readonly warnings: readonly Finding[];
  close(): Promise<void>;
}

export interface FeedsOptions {
  readonly request: Pick<TrialRequest, 'modelPath' | 'data' | 'task' | 'seed'>;
  readonly model: Model;
  /** The original, for its signature. */
  readonly loaded: LoadedModel;
  /** Whether as many samples as can be spared are kept for training; false unless given. */
  readonly trains?: boolean;
}

/** Samples to calibrate on, where the user does not say how many. */
const usualCalibrationSamples = 300;

/** Sets of made-up inputs. */
const syntheticSets = 8;

const benchPool = 4;

/** Opens the data, or makes inputs up. Throws UsageError and DataError. */
export function openFeeds(options: FeedsOptions): Promise<TrialFeeds> {
  const { path } = options.request.data;
  return path === null ? Promise.resolve(syntheticFeeds(options)) : dataFeeds(options, path);
}

async function dataFeeds({ request, loaded, trains = false }: FeedsOptions, dataPath: string): Promise<TrialFeeds> {
  const { data, task, seed, modelPath } = request;
  const models = fedPair({ model: { path: modelPath, loaded }, reference: null }, data.batchDimension);
  const lengths = boundLengths(models, data);
  const pairs = choosePairs(data.pairs, task, models.model);
  const dataset = await openDatasetFor(models, { ...data, dataPath, pairs }, lengths);
  try {
    const { size } = dataset;
    // So many calibrate, and as many others judge.
    const { chosen } = datasetOrder(size, { seed, samples: data.samples === null ? size : 2 * data.samples });
    // What it becomes is compared with the model itself: no labels are needed.
    const compared = { ...models, reference: models.model };
    const batch = await settleBatch(dataset, chosen, { asked: data.batch ?? lengths.batch, models: compared });
    const { calibration, evaluation, trainingSamples } = split(chosen, data.samples, trains);
    const setOf = (indices: Uint32Array): SampleSet => ({
      samples: indices.length,
      batches: () => batchesOf(dataset, { indices, batch }),
    });
    const adapt = adaptFeeds(models.model, { values: data.values, seed, dims: lengths.dims });
    return {
      source: 'data',
      dataset,
      batchAxis: models.model.batchAxis,
      dims: lengths.dims,
      adapt,
      calibration: setOf(calibration),
      evaluation: setOf(evaluation),
      part: (samples) => setOf(evaluation.subarray(0, samples)),
      calibrationPart: (samples) => setOf(calibration.subarray(0, samples)),
      benchSamples: () => samplesOf(dataset, evaluation.subarray(0, benchPool * (data.batch ?? 1)), adapt),
      trainingSamples,
      warnings: [],
      close: () => dataset.close(),
    };
  } catch (error) {
    await dataset.close();
    throw error;
  }
}

/**
 * The first ones calibrate. Where at least as many are left, those judge; else all do. A model that is trained is judged
 * by a fifth, no fewer than calibrate where there are so many, and never by samples that it was trained on.
 */
function split(chosen: Uint32Array, samples: number | null, trains: boolean) {
  const count = samples ?? usualCalibrationSamples;
  const calibration = chosen.subarray(0, count);
  if (trains) {
    const judging = Math.min(Math.max(count, Math.ceil(chosen.length / 5)), Math.floor(chosen.length / 2));
    const trainingSamples = chosen.length - judging;
    return {
      calibration: calibration.subarray(0, trainingSamples),
      evaluation: chosen.subarray(trainingSamples),
      trainingSamples,
    };
  }
  const rest = chosen.subarray(count);
  return { calibration, evaluation: rest.length >= count ? rest : chosen, trainingSamples: calibration.length };
}

function syntheticFeeds({ request, model, loaded: { signature } }: FeedsOptions): TrialFeeds {
  const { data, seed, modelPath } = request;
  const batchAxis = findBatchAxis(signature.inputs, data.batchDimension);
  const inputs = { shapes: data.shapes, values: data.values, dataPath: null, samples: null, seed };
  const resolved = withHint(() => {
    const asked = inputRequestOf(signature, { originalPath: modelPath, rewritten: model, dims: data.dims, inputs });
    return resolveInputs(signature, { ...asked, batch: data.batch, poolSize: syntheticSets });
  });
  const setOf = (pool: readonly NamedTensors[]): SampleSet => ({
    samples: pool.length,
    batches: () => batchesOfPool(pool, signature, batchAxis),
  });
  const all = setOf(resolved.pool);
  return {
    source: 'synthetic',
    dataset: { path: 'made-up inputs', originOf: (index) => `made-up input ${index}`, hasLabels: false },
    batchAxis,
    dims: resolved.dims,
    adapt: (feeds) => feeds,
    calibration: all,
    evaluation: all,
    part: (samples) => setOf(resolved.pool.slice(0, samples)),
    calibrationPart: (samples) => setOf(resolved.pool.slice(0, samples)),
    trainingSamples: 0,
    benchSamples: () =>
      Promise.resolve(
        resolved.pool.slice(0, benchPool).map((feeds) => ({ inputs: feeds, expected: null, origin: 'made-up input' })),
      ),
    warnings: resolved.notes.map(({ code, details }) => ({
      code: code === 'dimension-guessed' ? 'dimension-assumed' : code,
      details: { model: modelPath, ...details },
    })),
    close: () => Promise.resolve(),
  };
}

async function* batchesOfPool(
  pool: readonly NamedTensors[],
  signature: ModelSignature,
  batchAxis: BatchAxis,
): AsyncGenerator<DatasetBatch, void, undefined> {
  for (const [i, feeds] of pool.entries()) {
    const rows = batchAxis.kind === 'none' ? 1 : batchLengthOf(signature, batchAxis, feeds);
    const indices = Array.from({ length: rows }, (_, row) => i * rows + row);
    yield { indices, feeds, labels: null, expected: null };
  }
}
