import type { Dataset } from '../data/dataset.ts';
import { planBatches } from '../data/data-batches.ts';
import { bindShapes } from '../data/bind-shapes.ts';
import { fillInputs } from '../data/fill-inputs.ts';
import { DataError, UsageError } from '../errors.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import { shapesOfBatch } from './asked-lengths.ts';
import type { InputSettings } from './distill-options.ts';
import type { BatchSpec } from './loss-graph.ts';
import type { InputPairs } from './pair-inputs.ts';
import { teacherFeeds } from './pair-inputs.ts';
import type { TrainingEnd } from './training-end.ts';

interface FeedRequest {
  readonly student: TrainingEnd;
  readonly teacher: TrainingEnd;
  readonly pairs: InputPairs;
  readonly dataset: Dataset;
  /** Without lengths of the batch. */
  readonly inputs: InputSettings;
  readonly seed: number;
}

/** A batch of real samples, with what both models' dimensions are then. */
export interface SampleBatch extends BatchSpec {
  /** Inputs that are not from the data: the same for all samples. */
  readonly given: NamedTensors;
  readonly labels: Awaited<ReturnType<Dataset['read']>>['labels'];
}

/** Reads samples as one batch. Throws DataError, and UsageError for dimensions and inputs that do not fit them. */
export async function readBatch(indices: readonly number[], request: FeedRequest): Promise<SampleBatch> {
  const { student, teacher, pairs, dataset } = request;
  checkKnown(student, request.inputs);
  const read = await dataset.read(indices).catch(explainShapes);
  const { inputs } = request;
  const shapes = shapesOfBatch(student, inputs.shapes, indices.length);
  const asked = { ...inputRequest(student, request), ...inputs, shapes };
  const files = planBatches(student.signature.inputs, asked).at(0).tensors;
  const { feeds, dims } = fillInputs(student.signature.inputs, {
    request: asked,
    tensors: { ...files, ...read.feeds },
    index: 0,
  });
  const given = Object.fromEntries(Object.entries(feeds).filter(([name]) => !Object.hasOwn(read.feeds, name)));
  const others = Object.entries(teacherFeeds(feeds, pairs)).map(([name, tensor]) => [name, tensor.dims] as const);
  const bound = bindShapes(teacher.signature.inputs, {
    ...inputRequest(teacher, request),
    dataShapes: new Map(others),
  });
  return { batch: indices.length, feeds, dims: { student: dims, teacher: bound.dims }, given, labels: read.labels };
}

/** What to do about samples of several shapes. */
export const oneShape = 'training takes samples of one shape, so bring all of them to that of the first';

/** Samples that do not fit together are told to, whatever else could be wrong with one of them. */
function explainShapes(error: unknown): never {
  if (!(error instanceof DataError) || error.code !== 'data-shape-mismatch' || error.hint !== undefined) throw error;
  throw error.withHint(oneShape);
}

/** Shapes and values are for inputs that there are. Throws UsageError 'unknown-input'. */
function checkKnown({ signature }: TrainingEnd, { values, shapes }: InputSettings): void {
  const known = signature.inputs.map(({ name }) => name);
  const stranger = [...Object.keys(values), ...Object.keys(shapes)].find((name) => !known.includes(name));
  if (stranger !== undefined) throw new UsageError('unknown-input', { input: stranger, known });
}

function inputRequest({ path, batchAxis }: TrainingEnd, { seed }: FeedRequest) {
  return {
    modelPath: path,
    batchAxis,
    dims: {},
    shapes: {},
    values: {},
    batch: null,
    samples: null,
    integerLimits: {},
    poolSize: 1,
    seed,
  };
}
