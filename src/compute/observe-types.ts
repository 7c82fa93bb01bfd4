import type { DataType } from '../onnx/data-type.ts';
import type { TensorInfo } from '../onnx/shape/tensor-info.ts';
import type { Model } from '../onnx/model.ts';
import type { Value } from '../onnx/value.ts';
import { copyModel } from './copy-model.ts';
import type { EditedModels } from './load-edited.ts';
import { loadEdited } from './load-edited.ts';
import { tryInHalves } from './try-in-halves.ts';

/** What onnxruntime-node has a name for; it refuses a model with an output of another type. */
const readableTypes: ReadonlySet<DataType> = new Set([
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
]);

/** Loads in search of values that are no tensors, or of types that cannot be read back. */
const mostTries = 32;

export interface TypeObservation extends EditedModels {
  readonly model: Model;
  /** Types told without loading: they stand in for those that onnxruntime-node cannot name. */
  readonly types: ReadonlyMap<Value, TensorInfo>;
}

/** Element types of values of the main graph as the runtime finds them when loading. Values that are no tensors are missing. */
export async function observeTypes(
  values: readonly Value[],
  observation: TypeObservation,
): Promise<ReadonlyMap<Value, DataType>> {
  const { types } = observation;
  const found = new Map<Value, DataType>();
  const told = (value: Value) => types.get(value)?.elementType ?? null;
  const readable = values.filter((value) => readableTypes.has(told(value) ?? 'float32'));
  await tryInHalves(readable, (part) => readTypes(part, observation, found), { left: mostTries });
  for (const value of values) {
    const type = told(value);
    if (type !== null && !found.has(value)) found.set(value, type);
  }
  return found;
}

async function readTypes(
  values: readonly Value[],
  { model, ...models }: TypeObservation,
  found: Map<Value, DataType>,
): Promise<void> {
  const copy = copyModel(model);
  const byName = new Map(values.map((value) => [value.name, value]));
  const isReturned = new Set(copy.graph.outputs.map(({ name }) => name));
  for (const node of copy.graph.nodes()) {
    for (const value of node.outputs) {
      if (value === null || !byName.has(value.name) || isReturned.has(value.name)) continue;
      value.setType(null);
      copy.graph.addOutput(value);
    }
  }
  const loaded = await loadEdited(copy, models);
  for (const { name, type } of loaded.signature.outputs) {
    const value = byName.get(name);
    if (value !== undefined) found.set(value, type);
  }
  await loaded.release();
}
