import type { Dataset } from '../data/dataset.ts';
import type { DatasetOrder } from '../data/dataset-order.ts';
import { datasetOrder } from '../data/dataset-order.ts';
import { UsageError } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import { Tensor } from '../onnx/tensor.ts';
import type { AskedLengths } from './asked-lengths.ts';
import { askedLengths } from './asked-lengths.ts';
import type { SampleBatch } from './batch-feeds.ts';
import { readBatch } from './batch-feeds.ts';
import { chooseComparison } from './choose-comparison.ts';
import type { ChosenParameters } from './choose-parameters.ts';
import { chooseParameters } from './choose-parameters.ts';
import type { DistillOptions } from './distill-options.ts';
import type { DistillWarning } from './distill-warning.ts';
import type { LossPlan } from './loss-graph.ts';
import { measureStatistics } from './normalization-statistics.ts';
import { mismatch, pairInputs } from './pair-inputs.ts';
import { randomWeights } from './random-weights.ts';
import type { TrainingEnd } from './training-end.ts';
import { openEnd, samplesTaken } from './training-end.ts';

/** Both models, the data, and what the student is trained by: everything but the size of a batch. */
export interface PreparedDistill {
  readonly plan: LossPlan;
  readonly dataset: Dataset;
  readonly order: DatasetOrder;
  readonly parameters: ChosenParameters;
  /** Weights that were drawn anew, running statistics included; empty when the student keeps its own. */
  readonly drawn: NamedTensors;
  /** What is said of inputs, without lengths of the batch. */
  readonly given: AskedLengths['inputs'];
  /** Largest batch to try, and why it is smaller than asked for. */
  readonly batch: number;
  readonly warnings: readonly DistillWarning[];
}

/** Samples that losses are chosen by. */
const probedSamples = 8;

/** Samples that the statistics of a student with fresh weights are measured on. */
const measuredSamples = 64;

/** Opens models and data and finds out how they fit. The caller closes the dataset. */
export async function prepareDistill(options: DistillOptions): Promise<PreparedDistill> {
  const { settings, place } = options;
  const student = await openEnd(options.student, place);
  const teacher = await openEnd(options.teacher, place);
  const parameters = chooseParameters(student, { given: options.student.model, freeze: settings.freeze });
  const inputs = pairInputs(student, teacher);
  const asked = askedLengths(student, options.inputs);
  const dataset = await options.openData(student);
  try {
    const order = datasetOrder(dataset.size, settings);
    const size = batchSize({ student, teacher, dataset, order }, asked.batch ?? settings.batch);
    const samplesOf = (count: number): Promise<SampleBatch> => {
      const samples = isBatchFree({ student, teacher, dataset }) ? Math.min(size.batch, count) : size.batch;
      const request = { student, teacher, pairs: inputs, dataset, inputs: asked.inputs, seed: settings.seed };
      return readBatch([...order.chosen.subarray(0, samples)], request);
    };
    const drawn = settings.randomInit ? await drawWeights({ options, student, parameters, samplesOf }) : {};
    const first = await samplesOf(probedSamples);
    const comparing = { student, teacher, inputs, first, hasLabels: dataset.hasLabels };
    const { plan, warnings } = await chooseComparison(comparing, settings, place);
    const found = { plan, dataset, order, parameters, drawn, given: asked.inputs };
    return { ...found, batch: size.batch, warnings: [...warnings, ...size.warnings] };
  } catch (error) {
    await dataset.close();
    throw error;
  }
}

interface Drawing {
  readonly options: DistillOptions;
  readonly student: TrainingEnd;
  readonly parameters: ChosenParameters;
  samplesOf(count: number): Promise<SampleBatch>;
}

/** Gives the student fresh weights, and its normalizations the statistics that go with them. */
async function drawWeights({ options, student, parameters, samplesOf }: Drawing): Promise<NamedTensors> {
  const weights = randomWeights(student.model, parameters.candidates, options.settings.seed);
  setWeights(student, weights);
  const { feeds } = await samplesOf(measuredSamples);
  return {
    ...weights,
    ...(await measureStatistics(student, { feeds, place: options.place, stays: parameters.isFrozen })),
  };
}

function setWeights({ model }: TrainingEnd, weights: NamedTensors): void {
  for (const value of model.graph.initializers) {
    const tensor = weights[value.name];
    if (tensor !== undefined) value.setTensor(Tensor.fromDense(tensor));
  }
}

interface Sizes {
  readonly student: TrainingEnd;
  readonly teacher: TrainingEnd;
  readonly dataset: Dataset;
  readonly order: DatasetOrder;
}

/** As many as asked for, unless a model or the data take another number, or there are fewer samples. */
function batchSize({ student, teacher, dataset, order }: Sizes, asked: number) {
  const fixed = [student, teacher].flatMap((end) => {
    const samples = samplesTaken(end);
    return samples === null ? [] : [{ samples, problem: `${end.path}: ${end.fixedBy ?? ''}` }];
  });
  const [first, other] = [...fixed, ...ofData(dataset)];
  if (first !== undefined && other !== undefined && other.samples !== first.samples)
    throw mismatch(student, teacher, `the numbers of samples they take at once: ${first.samples} and ${other.samples}`);
  const batch = first?.samples ?? Math.min(asked, order.chosen.length);
  if (batch > order.chosen.length) {
    const expected = `at least ${batch}: the model takes as many at once, and ${order.held.length} are held out`;
    throw new UsageError('bad-value', { flag: '--samples', value: String(order.chosen.length), expected });
  }
  const why = first === undefined ? ('samples' as const) : ('model' as const);
  const details = { asked, batch, why, problem: first?.problem ?? '' };
  const warnings: readonly DistillWarning[] = batch === asked ? [] : [{ code: 'batch-reduced', details }];
  return { batch, warnings };
}

function ofData({ samplesPerRun, path }: Dataset) {
  return samplesPerRun === null ? [] : [{ samples: samplesPerRun, problem: `${path} holds samples that share no run` }];
}

/** Whether models and data take any number of samples at a time. */
export function isBatchFree({ student, teacher, dataset }: Pick<Sizes, 'student' | 'teacher' | 'dataset'>): boolean {
  return samplesTaken(student) === null && samplesTaken(teacher) === null && dataset.samplesPerRun === null;
}
