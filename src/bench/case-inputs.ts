import type { BatchAxis } from '../data/batch-axis.ts';
import { findBatchAxis } from '../data/batch-axis.ts';
import type { ResolvedInputs } from '../data/resolve-inputs.ts';
import { resolveInputs } from '../data/resolve-inputs.ts';
import type { Sample } from '../data/sample.ts';
import { UsageError } from '../errors.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { BenchOptions, InputSettings, ModelFile } from './bench-options.ts';
import type { SkipReason } from './bench-warning.ts';
import type { InputCase } from './sweep.ts';

/** A model's inputs, once its signature is known. */
export interface ModelInputs {
  readonly path: string;
  readonly signature: ModelSignature;
  readonly batchAxis: BatchAxis;
  readonly samples: readonly Sample[] | null;
  readonly integerLimits: ModelFile['integerLimits'];
}

export interface CaseInputs extends ResolvedInputs {
  /** Items a run holds; null when the model has no batch axis. */
  readonly batch: number | null;
}

export function modelInputs(file: ModelFile, signature: ModelSignature, settings: InputSettings): ModelInputs {
  const { path, integerLimits } = file;
  const given = new Set(Object.keys(settings.values));
  const batchAxis = findBatchAxis(signature.inputs, settings.batchDimension);
  const samples = settings.loadSamples?.({ ...signature, batchAxis, given }) ?? null;
  return { path, signature, batchAxis, samples, integerLimits };
}

/**
 * Every name in `--dim`, `--shape` and `--input` must belong to a model. With several models, each takes what it
 * knows. Throws UsageError 'unknown-dimension' or 'unknown-input'.
 */
export function checkNames(models: readonly ModelInputs[], options: BenchOptions): void {
  const inputs = models.flatMap(({ signature }) => signature.inputs);
  const dimensions = new Set(inputs.flatMap(dimensionNames));
  for (const dimension of Object.keys(options.axes.dims))
    if (!dimensions.has(dimension)) throw new UsageError('unknown-dimension', { dimension, known: [...dimensions] });
  const known = [...new Set(inputs.map(({ name }) => name))];
  for (const input of [...Object.keys(options.inputs.shapes), ...Object.keys(options.inputs.values)])
    if (!known.includes(input)) throw new UsageError('unknown-input', { input, known });
}

/** The inputs of a case, or why it cannot be run on this model. Throws what resolveInputs throws. */
export function caseInputs(
  model: ModelInputs,
  request: InputCase,
  options: Pick<BenchOptions, 'inputs' | 'protocol'>,
): { readonly inputs: CaseInputs } | { readonly skip: SkipReason } {
  const skip = batchProblem(model.batchAxis, request.batch);
  if (skip !== null) return { skip };
  const { inputs: settings, protocol } = options;
  const names = new Set(model.signature.inputs.map(({ name }) => name));
  const dimensions = new Set(model.signature.inputs.flatMap(dimensionNames));
  const inputs = resolveInputs(model.signature, {
    modelPath: model.path,
    dims: pick(request.dims, dimensions),
    shapes: pick(settings.shapes, names),
    values: pick(settings.values, names),
    batch: model.batchAxis.kind === 'symbolic' ? request.batch : null,
    batchAxis: model.batchAxis,
    samples: model.samples,
    integerLimits: model.integerLimits,
    poolSize: settings.poolSize,
    seed: protocol.seed,
  });
  return { inputs: { ...inputs, batch: boundBatch(model.batchAxis, inputs) } };
}

function batchProblem(axis: BatchAxis, batch: number | null): SkipReason | null {
  if (batch === null || axis.kind === 'symbolic') return null;
  if (axis.kind === 'none') return batch === 1 ? null : { code: 'no-batch-axis', details: { batch } };
  return batch === axis.size ? null : { code: 'fixed-batch', details: { batch, fixed: axis.size } };
}

function boundBatch(axis: BatchAxis, inputs: ResolvedInputs): number | null {
  if (axis.kind === 'none') return null;
  return axis.kind === 'fixed' ? axis.size : (inputs.dims[axis.dimension] ?? null);
}

/** Symbolic names of an input, and the positional name of each axis, by which any of them can be addressed. */
function dimensionNames(input: ModelSignature['inputs'][number]): readonly string[] {
  return input.shape.flatMap((dim, axis) => (typeof dim === 'string' ? [dim, `${input.name}#${axis}`] : []));
}

function pick<T>(record: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.has(name)));
}
