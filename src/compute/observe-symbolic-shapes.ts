import type { InputRequest } from '../data/input-request.ts';
import { resolveInputs } from '../data/resolve-inputs.ts';
import type { DataType } from '../onnx/data-type.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { Shape } from '../onnx/value-type.ts';
import type { TensorShape } from '../runtime/model-runner.ts';
import type { DimensionTrial } from './dimension-trials.ts';
import { planTrials } from './dimension-trials.ts';
import { loadEdited } from './load-edited.ts';
import type { ShapeObservation } from './observe-runs.ts';
import { observeRuns } from './observe-runs.ts';
import type { SkippedValue } from './observe-shapes.ts';
import { skippedValues } from './observe-shapes.ts';

export interface SymbolicShape {
  readonly type: DataType;
  readonly shape: Shape;
}

export interface ObservedSymbols {
  readonly values: ReadonlyMap<string, SymbolicShape>;
  readonly skipped: readonly SkippedValue[];
  /** Sizes of the symbolic dimensions in the first run. */
  readonly dims: Readonly<Record<string, number>>;
  /** Dimensions that the model takes at that size only, as far as was tried: of what depends on them nothing is said. */
  readonly rigid: readonly string[];
}

/**
 * Shapes of all values with symbolic dimensions where runs at different sizes tell them: an axis is a dimension when it
 * has that dimension's length in every run, though other values of that dimension and of all others were tried; a
 * number when it never moved; else null. What depends on the inputs' values is null as well.
 *
 * Each dimension is tried at twice its size and at one more; so are those of equal size together, for the model may want
 * them equal, and all at once.
 * @throws as `resolveInputs` and `observeShapes`, for the first run
 */
export async function observeSymbolicShapes(
  observation: ShapeObservation,
  request: InputRequest,
): Promise<ObservedSymbols> {
  const signature = await signatureOf(observation);
  const first = resolveInputs(signature, { ...request, poolSize: 2 });
  const [feeds, other] = first.pool;
  if (feeds === undefined) throw new RangeError('the input pool is empty');
  const trials = planTrials(signature, { base: first.dims, request });
  const all = [...(other === undefined ? [] : [{ dims: first.dims, feeds: other }]), ...trials];
  const { runs, shapeless } = await observeRuns(observation, [feeds, ...all.map((trial) => trial.feeds)]);
  const ran = all.flatMap((trial, index) => {
    const values = runs[index + 1];
    return values ? [{ ...trial, values }] : [];
  });
  const isVaried = (symbol: string) => ran.some(({ dims }) => dims[symbol] !== first.dims[symbol]);
  const rigid = Object.keys(first.dims).filter((symbol) => !isVaried(symbol));
  const values = new Map<string, SymbolicShape>();
  for (const [name, { type, dims }] of runs[0] ?? [])
    values.set(name, { type, shape: symbolsOf(dims, { name, ran, base: first.dims, rigid }) });
  return { values, skipped: skippedValues(observation.model, shapeless), dims: first.dims, rigid };
}

async function signatureOf({ model, ...models }: ShapeObservation): Promise<ModelSignature> {
  const loaded = await loadEdited(model, models);
  await loaded.release();
  return loaded.signature;
}

interface Runs {
  readonly name: string;
  readonly ran: readonly (DimensionTrial & { readonly values: ReadonlyMap<string, TensorShape> })[];
  readonly base: Readonly<Record<string, number>>;
  readonly rigid: readonly string[];
}

function symbolsOf(lengths: readonly number[], { name, ran, base, rigid }: Runs): Shape {
  const seen = ran.map(({ dims, values }) => ({ dims, lengths: values.get(name)?.dims ?? [] }));
  if (seen.some((run) => run.lengths.length !== lengths.length)) return null;
  return lengths.map((length, axis) => {
    const runs = [{ dims: base, length }, ...seen.map((run) => ({ dims: run.dims, length: run.lengths[axis] }))];
    if (runs.every((run) => run.length === length)) return rigid.length === 0 ? length : null;
    // Two that fit were never tried apart: the model wants them equal, and either name is right.
    return Object.keys(base).find((symbol) => runs.every(({ dims, length }) => dims[symbol] === length)) ?? null;
  });
}
