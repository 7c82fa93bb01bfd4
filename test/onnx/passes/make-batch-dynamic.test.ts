import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import models from '../../../fixtures/models/models.json' with { type: 'json' };
import { checkGraph } from '../../../src/onnx/check.ts';
import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { fixDimensions } from '../../../src/onnx/passes/fix-dimensions.ts';
import { makeBatchDynamic } from '../../../src/onnx/passes/make-batch-dynamic.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { runModel } from '../../numerics/run-model.ts';
import type { Write, Written } from './batch-models.ts';
import { modelOf, randomFloats, shape, sound } from './batch-models.ts';

const floatsOf = ({ data }: DenseTensor): readonly number[] =>
  Array.from<number | bigint | string, number>(data, Number);

/** One sample of a batch along an axis. */
function sampleOf(tensor: DenseTensor, axis: number, sample: number): DenseTensor {
  const { dims } = tensor;
  const inner = elementCount(dims.slice(axis + 1));
  const length = dims[axis] ?? 1;
  const kept = floatsOf(tensor).filter((_, index) => Math.floor(index / inner) % length === sample);
  return floats(dims.with(axis, 1), kept);
}

/** What it gives for a batch of three, sample by sample, and what the model of batch 1 gives for each sample. */
async function compare(written: Written): Promise<{ readonly together: unknown[]; readonly alone: unknown[] }> {
  const model = modelOf(written);
  const before = encodeModel(model);
  expect(makeBatchDynamic({ path: 'm.onnx' }).apply(model)).toBe(true);
  checkGraph(model);
  expect(makeBatchDynamic({ path: 'm.onnx' }).apply(model)).toBe(false);
  const batch = randomFloats(written.dims.with(0, 3));
  const { y } = await runModel(encodeModel(model), { x: batch });
  const axis = written.axis ?? 0;
  const samples = [0, 1, 2].map((sample) => sampleOf(batch, 0, sample));
  const alone = await Promise.all(samples.map((x) => runModel(before, { x })));
  const rounded = (tensor: DenseTensor | undefined) =>
    tensor && { dims: tensor.dims, data: floatsOf(tensor).map((value) => value.toFixed(5)) };
  return {
    together: samples.map((_, sample) => rounded(y && sampleOf(y, axis, sample))),
    alone: alone.map((outputs) => rounded(outputs['y'])),
  };
}

describe('makeBatchDynamic', () => {
  it.each(Object.entries(sound))('gives for a batch what each sample gives: %s', async (_, written) => {
    const { together, alone } = await compare(written);
    expect(together).toEqual(alone);
  });

  it('declares the new dimension on inputs, outputs and values, under a free name', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 'batch']);
    const table = g.input('table', 'float32', [5]);
    const sum = g.op('Transpose', [x]);
    sum.setType(tensorType('float32', ['batch', 2]));
    g.output(g.op('Neg', [sum]), 'y', tensorType('float32', ['batch', 2]));
    g.output(g.op('Relu', [table]), 'z', tensorType('float32', [5]));
    const model = g.model();
    expect(makeBatchDynamic({ path: 'm.onnx' }).apply(model)).toBe(true);
    expect([x, table, sum, ...model.graph.outputs].map(({ type }) => type?.kind === 'tensor' && type.shape)).toEqual([
      ['batch_1', 'batch'],
      [5],
      ['batch', 'batch_1'],
      ['batch', 'batch_1'],
      [5],
    ]);
  });

  it('keeps a model of two samples a run apart from one of three', async () => {
    const dims = [2, 4];
    const write: Write = (g, x) => g.op('Expand', [g.op('Reshape', [x, shape(g, [2, 2, 2])]), shape(g, [2, 2, 2])]);
    const model = modelOf({ dims, write });
    makeBatchDynamic({ path: 'm.onnx' }).apply(model);
    const x = randomFloats([3, 4]);
    const feeds: NamedTensors = { x };
    expect(await runModel(encodeModel(model), feeds)).toEqual({ y: { ...x, dims: [3, 2, 2] } });
  });

  it('takes a model of IR version 3, whose initializers are inputs', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1, 2, 2]);
    const target = shape(g, [1, 4]);
    g.graph.exposeInitializer(target);
    g.output(g.op('Reshape', [x, target]), 'y', tensorType('float32', [1, 4]));
    const model = g.model({ opset: 8, irVersion: 3 });
    makeBatchDynamic({ path: 'm.onnx' }).apply(model);
    expect(model.irVersion).toBe(4);
    const batch = randomFloats([3, 2, 2]);
    expect(await runModel(encodeModel(model), { x: batch })).toEqual({ y: { ...batch, dims: [3, 4] } });
  });
});

describe('makeBatchDynamic on a real model', () => {
  it('gives for three images what it gives for each', async () => {
    const { path, input, dims } = models.cls;
    const bytes = readFileSync(path);
    const model = readModelBytes(bytes, path);
    fixDimensions({ [`${input}#0`]: 1, [`${input}#2`]: 48, [`${input}#3`]: 192 }).apply(model);
    expect(makeBatchDynamic({ path }).apply(model)).toBe(true);
    checkGraph(model);
    const batch = randomFloats([3, ...dims.slice(1)]);
    const [together] = Object.values(await runModel(encodeModel(model), { [input]: batch }));
    for (const sample of [0, 1, 2]) {
      const [alone] = Object.values(await runModel(bytes, { [input]: sampleOf(batch, 0, sample) }));
      expect(together && sampleOf(together, 0, sample)).toEqual(alone);
    }
  });
});
