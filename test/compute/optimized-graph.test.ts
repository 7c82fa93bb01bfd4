import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { optimizedGraph } from '../../src/compute/optimized-graph.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { scratchFile } from '../../src/onnx/file/scratch-file.ts';
import { floats, GraphBuilder } from '../../src/onnx/graph-builder.ts';
import type { Model } from '../../src/onnx/model.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { thisWorkplace } from '../../src/runtime/workplace.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';

const workplace = thisWorkplace();

function scratch() {
  const paths: string[] = [];
  return {
    paths,
    scratch: () => {
      const file = scratchFile(workplace, 'optimized.onnx');
      paths.push(file.path);
      return file;
    },
  };
}

const models = {
  runner: inProcessRunner(),
  name: 'a.onnx',
  write: () => Promise.reject(new Error('small models are sent')),
};

/** Relu(x·W + b), with 4 KiB of weights. */
function linear(): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [1, 32]);
  const w = g.constant('w', { type: 'float32', dims: [32, 32], data: new Float32Array(1024).fill(1) });
  const product = g.op('MatMul', [x, w], { name: 'product', as: 'xw' });
  const sum = g.op(
    'Add',
    [
      product,
      g.constant(
        'b',
        floats(
          [32],
          Array.from({ length: 32 }, () => 0),
        ),
      ),
    ],
    { name: 'sum' },
  );
  g.output(g.op('Relu', [sum], { name: 'relu' }), 'y', tensorType('float32', [1, 32]));
  return g.model();
}

it('tells the nodes at each level, and leaves no file behind', async () => {
  const { paths, scratch: place } = scratch();
  const options = { ...models, scratch: place };
  const { nodes } = await optimizedGraph(linear(), options);
  expect(nodes).toEqual([
    {
      name: 'fused product/MatMulAddFusion',
      op: 'FusedGemm',
      domain: 'com.microsoft',
      inputs: ['x', 'w', 'b'],
      outputs: ['y'],
      bodies: [],
    },
  ]);
  const source = { bytes: encodeModel(linear()) };
  const basic = await optimizedGraph(source, { ...options, level: 'basic' });
  expect(basic.nodes.map(({ name, op }) => [name, op])).toEqual([
    ['product/MatMulAddFusion', 'Gemm'],
    ['relu', 'Relu'],
  ]);
  const written = await optimizedGraph(source, { ...options, level: 'disabled' });
  expect(written.nodes.map(({ op }) => op)).toEqual(['MatMul', 'Add', 'Relu']);
  expect(paths).toHaveLength(3);
  expect(paths.some((path) => existsSync(dirname(path)))).toBe(false);
});

it('leaves none behind for a model that the runtime refuses either', async () => {
  const { paths, scratch: place } = scratch();
  const model = linear();
  model.setOpset('', 9999);
  await expect(optimizedGraph(model, { ...models, scratch: place })).rejects.toMatchObject({ code: 'model-rejected' });
  expect(paths.map((path) => existsSync(dirname(path)))).toEqual([false]);
});
