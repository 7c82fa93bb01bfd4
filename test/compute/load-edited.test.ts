import { afterAll, expect, it } from 'vitest';
import { loadEdited } from '../../src/compute/load-edited.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { floats, GraphBuilder } from '../../src/onnx/graph-builder.ts';
import type { Model } from '../../src/onnx/model.ts';
import { Tensor } from '../../src/onnx/tensor.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';

const files = temporaryFolder();
afterAll(files.remove);

/** y = the sum of so many zeros, and x. */
function zeros(count: number): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [1]);
  const storage = { kind: 'inline', bytes: new Uint8Array(4 * count) } as const;
  const w = g.constant('w', new Tensor({ type: 'float32', dims: [count], storage }));
  g.output(g.op('Add', [x, g.op('ReduceMax', [w])]), 'y', tensorType('float32', [1]));
  return g.model();
}

function writer() {
  const written: string[] = [];
  let disposed = 0;
  const write = (model: Model) => {
    const path = files.write(`written-${written.length}.onnx`, encodeModel(model));
    written.push(path);
    return Promise.resolve({ path, dispose: () => void disposed++ });
  };
  return { written, write, disposed: () => disposed };
}

it('sends small models and writes large ones, until they are released', async () => {
  const { written, write, disposed } = writer();
  const models = { runner: inProcessRunner(), name: 'a.onnx', write };
  const small = await loadEdited(zeros(1000), models);
  expect(written).toEqual([]);
  await small.release();
  // 17 Mi floats: 68 MiB.
  const large = await loadEdited(zeros(17 * 2 ** 20), models);
  expect(written).toHaveLength(1);
  expect(await large.run({ x: floats([1], [3]) })).toEqual({ y: floats([1], [3]) });
  expect(await large.shapes({ x: floats([1], [3]) })).toEqual({ y: { type: 'float32', dims: [1] } });
  expect(disposed()).toBe(0);
  await large.release();
  expect(disposed()).toBe(1);
});

it('leaves no file behind when the runtime refuses the model', async () => {
  const { write, disposed } = writer();
  const model = zeros(17 * 2 ** 20);
  model.setOpset('', 9999);
  await expect(loadEdited(model, { runner: inProcessRunner(), name: 'a.onnx', write })).rejects.toMatchObject({
    code: 'model-rejected',
    details: { path: 'a.onnx' },
  });
  expect(disposed()).toBe(1);
});
