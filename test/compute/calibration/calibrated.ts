import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { copyModel } from '../../../src/compute/copy-model.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { valuesOf } from '../../../src/onnx/traverse.ts';
import { runModel } from '../../numerics/run-model.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';

const unwritable = () => Promise.reject(new Error('the model is small'));

/** A model with the inputs of its runs, as calibration takes them. */
export function calibrated(model: Model, feeds: readonly NamedTensors[]) {
  return {
    model,
    name: 'a.onnx',
    runner: inProcessRunner(),
    write: unwritable,
    batches: async function* () {
      yield* feeds;
    },
  };
}

/** Normal numbers around `mean`, seeded. */
export function noise(dims: readonly number[], seed: number, mean = 0): DenseTensor {
  const random = createRandom(seed, 'calibration');
  const count = dims.reduce((product, dim) => product * dim, 1);
  return { type: 'float32', dims, data: Float32Array.from({ length: count }, () => random.normal() + mean) };
}

/** What onnxruntime itself makes of some values in each run, as plain numbers. */
export async function observed(model: Model, feeds: readonly NamedTensors[], names: readonly string[]) {
  const copy = copyModel(model);
  const values = new Map([...valuesOf(copy.graph)].map((value) => [value.name, value]));
  for (const name of names) {
    const value = values.get(name);
    if (value !== undefined && !value.isOutput) copy.graph.addOutput(value);
  }
  const bytes = encodeModel(copy);
  const found = new Map<string, { readonly dims: readonly number[]; readonly data: readonly number[] }[]>();
  for (const each of feeds) {
    const outputs = await runModel(bytes, each);
    for (const name of names) {
      const { dims = [], data = [] } = outputs[name] ?? {};
      found.set(name, [...(found.get(name) ?? []), { dims, data: Array.from<unknown, number>(data, Number) }]);
    }
  }
  return found;
}
