import { InferError } from '../errors.ts';
import type { DataType } from '../onnx/data-type.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { Model } from '../onnx/model.ts';
import { inferTypes } from '../onnx/shape/infer-types.ts';
import type { Value } from '../onnx/value.ts';
import type { TensorShape } from '../runtime/model-runner.ts';
import type { EditedModels } from './load-edited.ts';
import { loadEdited } from './load-edited.ts';
import { observeTypes } from './observe-types.ts';
import { shapeModel } from './shape-model.ts';
import { isRefusal, tryInHalves } from './try-in-halves.ts';

export interface ShapeObservation extends EditedModels {
  readonly model: Model;
}

export interface ObservedRuns {
  /** For each set of inputs the values of the main graph by name; null where the model does not take the inputs. */
  readonly runs: readonly (ReadonlyMap<string, TensorShape> | null)[];
  /** Values that have no shape: no tensors, or left out by the runtime. */
  readonly shapeless: readonly Value[];
}

/** Values whose shapes one model returns: a bound for graphs of 100,000 nodes. */
const mostValues = 8192;

/** Models in search of values that have no shape. */
const mostTries = 64;

/** Real types and shapes of everything that nodes of the main graph make. The first set of inputs must run. */
export async function observeRuns(
  observation: ShapeObservation,
  feeds: readonly [NamedTensors, ...NamedTensors[]],
): Promise<ObservedRuns> {
  const { model } = observation;
  const runnable = await runnableFeeds(observation, feeds);
  const made = [...model.graph.nodes()].flatMap((node) => node.outputs.filter((value) => value !== null));
  const types = await observeTypes(made, { ...observation, types: inferTypes(model) });
  const runs = runnable.map((each) => each && { feeds: each, values: new Map<string, TensorShape>() });
  const tries = { left: mostTries };
  const shapeless = made.filter((value) => !types.has(value));
  const typed = made.filter((value) => types.has(value));
  for (let from = 0; from < typed.length; from += mostValues) {
    const part = typed.slice(from, from + mostValues);
    shapeless.push(...(await tryInHalves(part, (values) => readShapes(values, { observation, types, runs }), tries)));
  }
  return { runs: runs.map((run) => run?.values ?? null), shapeless };
}

/** The sets of inputs that the model takes, null in the place of others. */
async function runnableFeeds(
  { model, ...models }: ShapeObservation,
  feeds: readonly NamedTensors[],
): Promise<readonly (NamedTensors | null)[]> {
  const runnable: (NamedTensors | null)[] = [];
  let loaded = await loadEdited(model, models);
  try {
    for (const each of feeds) {
      try {
        await loaded.shapes(each);
        runnable.push(each);
      } catch (error) {
        if (runnable.length === 0 || !(error instanceof InferError)) throw error;
        runnable.push(null);
        // Sizes that end the process are no sizes for it; the others go on in another one.
        if (!isRefusal(error)) loaded = await loadEdited(model, models);
      }
    }
  } finally {
    await loaded.release();
  }
  return runnable;
}

interface ShapeReading {
  readonly observation: ShapeObservation;
  readonly types: ReadonlyMap<Value, DataType>;
  /** `values` is filled. */
  readonly runs: readonly ({ readonly feeds: NamedTensors; readonly values: Map<string, TensorShape> } | null)[];
}

async function readShapes(
  values: readonly Value[],
  { observation: { model, ...models }, types, runs }: ShapeReading,
): Promise<void> {
  const shapes = shapeModel(model, values);
  const loaded = await loadEdited(shapes.model, models);
  try {
    for (const run of runs) {
      if (run === null) continue;
      const results = await loaded.run(run.feeds, [...shapes.outputs.values()]);
      for (const [value, name] of shapes.outputs) {
        const type = types.get(value);
        const lengths = results[name];
        if (type === undefined || lengths === undefined) continue;
        run.values.set(value.name, { type, dims: Array.from<unknown, number>(lengths.data, Number) });
      }
    }
  } finally {
    await loaded.release();
  }
}
