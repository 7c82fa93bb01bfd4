import type { DatasetBatch, Label } from '../../src/data/dataset.ts';
import type { EvaluatedModel, EvaluateOptions } from '../../src/evaluate/evaluate-options.ts';
import type { TaskRequest } from '../../src/evaluate/task.ts';
import type { NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { matrix } from './tensors.ts';

type Run = (feeds: NamedTensors, outputs: readonly string[] | undefined) => NamedTensors | Promise<NamedTensors>;

/** A model of one input `x` and the output `y`, both by batch, that returns what a function says. */
export function scriptedModel(run: Run, name = 'model.onnx'): EvaluatedModel {
  const unused = () => Promise.reject(new Error('not scripted'));
  const value = (name: string) => ({ name, type: 'float32', shape: ['batch', `${name}#1`] }) as const;
  return {
    name,
    batchAxis: { kind: 'symbolic', dimension: 'batch', also: [] },
    adapt: (feeds) => feeds,
    loaded: {
      signature: { inputs: [value('x')], outputs: [value('y')] },
      run: async (feeds, outputs) => run(feeds, outputs),
      shapes: unused,
      keep: unused,
      kept: unused,
      advance: unused,
      release: async () => undefined,
    },
  };
}

/** Returns its input. */
export const echo = (): EvaluatedModel => scriptedModel(({ x }) => (x === undefined ? {} : { y: x }));

/** Rows in batches of `size`. */
export async function* batchesOfRows(
  rows: readonly (readonly number[])[],
  labels: readonly Label[] | null,
  size: number,
): AsyncGenerator<DatasetBatch, void, undefined> {
  for (let at = 0; at < rows.length; at += size) {
    const part = rows.slice(at, at + size);
    const indices = part.map((_, i) => at + i);
    yield { indices, feeds: { x: matrix(part) }, labels: labels?.slice(at, at + size) ?? null, expected: null };
  }
}

export const anyTask: TaskRequest = {
  name: null,
  outputName: null,
  metrics: null,
  topK: 5,
  blank: 0,
  vocabulary: null,
  context: null,
};

/** A clock that goes on by a millisecond a look. */
export function options(
  some: Pick<EvaluateOptions, 'batches' | 'samples'> & Partial<EvaluateOptions>,
): EvaluateOptions {
  let now = 0;
  return {
    dataset: { path: 'data.npz', hasLabels: true, originOf: (index) => `data.npz, row ${index}` },
    model: echo(),
    reference: null,
    task: anyTask,
    maxDrop: null,
    minSqnrDb: null,
    seed: 0,
    nowMs: () => now++,
    ...some,
  };
}
