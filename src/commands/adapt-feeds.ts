import { planBatches } from '../data/data-batches.ts';
import { fillInputs } from '../data/fill-inputs.ts';
import type { InputRequest } from '../data/input-request.ts';
import type { InputValue } from '../data/input-value.ts';
import { symbolicDimensions } from '../data/dimension-names.ts';
import { batchLengthOf } from '../evaluate/sample-rows.ts';
import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';
import { castTensor } from '../onnx/tensor-types/cast-tensor.ts';
import type { FedModel } from './fed-model.ts';

/** What a model is fed beside the data. */
export interface GivenInputs {
  /** `--input`: the same for all samples. */
  readonly values: Readonly<Record<string, InputValue>>;
  /** Lengths of symbolic dimensions; those that the model does not have are none of its business. */
  readonly dims: Readonly<Record<string, number>>;
  readonly seed: number;
}

/**
 * Makes the way from a batch of data to what one model takes of it: its own inputs, in its own types, and the values
 * that were given for others.
 * @throws UsageError and DataError for values that do not fit, when the first batch is fed
 */
export function adaptFeeds(model: FedModel, given: GivenInputs): (feeds: NamedTensors) => NamedTensors {
  const { inputs } = model.signature;
  const fill = filling(model, given);
  return (feeds) => {
    const taken = inputs.flatMap(({ name, type }): (readonly [string, DenseTensor])[] => {
      const tensor = Object.hasOwn(feeds, name) ? feeds[name] : undefined;
      return tensor === undefined ? [] : [[name, castTensor(tensor, type)]];
    });
    return fill(Object.fromEntries(taken));
  };
}

/** Adds the values given for a model's own inputs. They are made anew only when shapes change. */
function filling(model: FedModel, { values, dims, seed }: GivenInputs): (taken: NamedTensors) => NamedTensors {
  const { inputs } = model.signature;
  const own = inputs.map(({ name }) => name).filter((name) => Object.hasOwn(values, name));
  if (own.length === 0) return (taken) => taken;
  const base = {
    modelPath: model.name,
    dims: only(dims, symbolicDimensions(inputs)),
    shapes: {},
    values: only(values, own),
    batchAxis: model.batchAxis,
    samples: null,
    integerLimits: {},
    poolSize: 1,
    seed,
  };
  let last: { readonly shapes: string; readonly tensors: NamedTensors } | null = null;
  return (taken) => {
    const shapes = JSON.stringify(Object.values(taken).map((tensor) => tensor.dims));
    if (last?.shapes !== shapes) {
      const batch = batchLengthOf(model.signature, model.batchAxis, taken);
      const request: InputRequest = { ...base, batch: model.batchAxis.kind === 'symbolic' ? batch : null };
      const tensors = { ...planBatches(inputs, request).at(0).tensors, ...taken };
      last = { shapes, tensors: only(fillInputs(inputs, { request, tensors, index: 0 }).feeds, own) };
    }
    return { ...taken, ...last.tensors };
  };
}

function only<T>(record: Readonly<Record<string, T>>, names: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));
}
