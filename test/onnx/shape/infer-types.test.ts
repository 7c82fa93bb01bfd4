import { describe, expect, it } from 'vitest';
import { GraphBuilder, long, longs } from '../../../src/onnx/graph-builder.ts';
import { inferTypes } from '../../../src/onnx/shape/infer-types.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { randomModel } from '../random-model.ts';
import { disagreements, inferAndRun, unknowns } from './agreement.ts';

const seeds = Array.from({ length: 60 }, (_, seed) => seed);
describe('inferTypes', () => {
  it.each(seeds)('agrees with the runtime on random model %i', async (seed) => {
    const { model, feeds } = randomModel(seed, { opset: seed % 2 === 0 ? 17 : 21 });
    for (const value of model.graph.outputs) value.setType(null);
    const comparison = await inferAndRun(model, feeds);
    expect(disagreements(comparison)).toEqual([]);
    expect(unknowns(comparison)).toEqual([]);
  });

  it('follows arithmetic on shapes through symbols', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['batch', 'sequence', 12]);
    const at = (index: number) => g.op('Gather', [g.op('Shape', [x]), g.constant('i', long(index))]);
    const dim = (index: number) => g.op('Unsqueeze', [at(index), g.constant('zero', longs([0]))]);
    const heads = g.op('Concat', [dim(0), dim(1), g.constant('heads', longs([3, 4]))], { attributes: { axis: 0 } });
    const split = g.op('Transpose', [g.op('Reshape', [x, heads])], { attributes: { perm: [0, 2, 1, 3] } });
    const flat = g.op('Reshape', [split, g.constant('flat', longs([0, 0, -1]))]);
    g.output(flat, 'y');
    const model = g.model();
    expect(inferTypes(model).get(split)?.shape).toEqual(['batch', 3, 'sequence', 4]);
    expect(inferTypes(model).get(flat)?.shape).toEqual(['batch', 3, null]);
    expect(inferTypes(model, { dims: { batch: 2, sequence: 5 } }).get(flat)?.shape).toEqual([2, 3, 20]);
  });

  it('names unnamed axes of inputs INPUT#AXIS and takes lengths for them', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [null, 'width']);
    const z = g.input('z', 'float32', ['width']);
    const y = g.output(g.op('Add', [x, z]), 'y');
    const model = g.model();
    expect(inferTypes(model).get(y)?.shape).toEqual(['x#0', 'width']);
    expect(inferTypes(model, { dims: { 'x#0': 3, width: 4 } }).get(y)?.shape).toEqual([3, 4]);
    // The axis has a name, which is bound wherever it occurs.
    expect(inferTypes(model, { dims: { 'x#1': 7 } }).get(z)?.shape).toEqual([7]);
    expect(inferTypes(model, { dims: { width: -1 } }).get(z)?.shape).toEqual([null]);
  });

  it('adds up the terms of a dimension that is called a sum', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['past + sequence', 'past+1', 'past + other']);
    expect(inferTypes(g.model(), { dims: { past: 3, sequence: 2 } }).get(x)?.shape).toEqual([5, 4, 'past + other']);
  });

  it('takes what a file declares where it knows less, and nothing where they contradict', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n', 4]);
    const declare = (shape: readonly (number | string | null)[]) => {
      const custom = g.op('Mystery', [x], { domain: 'custom' });
      custom.setType(tensorType('float16', shape));
      return custom;
    };
    const known = declare(['n', 8]);
    const relu = g.op('Relu', [x]);
    relu.setType(tensorType('float32', [7, 5]));
    const types = inferTypes(g.model(), { dims: { n: 2 } });
    expect(types.get(known)).toEqual({ elementType: 'float16', shape: [2, 8], content: null });
    expect(types.get(relu)).toEqual({ elementType: 'float32', shape: [null, null], content: null });
  });

  it('reads files whose nodes are in any order, and survives circles', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 3]);
    const first = g.op('Relu', [x]);
    const second = g.op('Transpose', [first]);
    const node = second.producer ?? missing();
    g.graph.moveBefore(g.graph.firstNode, node);
    const model = g.model();
    expect(inferTypes(model).get(second)?.shape).toEqual([3, 2]);
    first.producer?.setInput(0, second);
    expect(inferTypes(model).get(second)?.shape ?? null).toBeNull();
  });

  it('treats initializers that are inputs as constants only before IR version 4', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [6]);
    const shape = g.constant('shape', longs([2, 3]));
    g.graph.exposeInitializer(shape);
    const y = g.output(g.op('Reshape', [x, shape]), 'y');
    expect(inferTypes(g.model({ opset: 8, irVersion: 3 })).get(y)?.shape).toEqual([2, 3]);
    expect(inferTypes(g.model({ opset: 8, irVersion: 4 })).get(y)?.shape).toEqual([null, null]);
  });

  it('says nothing about lengths beyond 2^53, negative ones and ranks no tensor has', () => {
    const g = new GraphBuilder();
    const big = g.input('big', 'float32', [2 ** 53, 2 ** 40]);
    const negative = g.input('negative', 'float32', [-1, 4]);
    const deep = g.input(
      'deep',
      'float32',
      Array.from({ length: 1000 }, () => 1),
    );
    const flat = g.op('Flatten', [big], { attributes: { axis: 0 } });
    const tiled = g.op('Tile', [big, g.constant('r', longs([1, 2 ** 40]))]);
    const types = inferTypes(g.model());
    expect(types.get(big)?.shape).toEqual([null, 2 ** 40]);
    expect(types.get(negative)?.shape).toEqual(['negative#0', 4]);
    expect(types.get(deep)?.shape).toBeNull();
    expect(types.get(flat)?.shape).toEqual([1, null]);
    expect(types.get(tiled)?.shape).toEqual([null, null]);
  });

  it('walks 100,000 nodes', () => {
    const g = new GraphBuilder();
    let x = g.input('x', 'float32', ['n', 16]);
    for (let i = 0; i < 100_000; i++) x = g.op(i % 2 === 0 ? 'Relu' : 'Add', i % 2 === 0 ? [x] : [x, x]);
    expect(inferTypes(g.model(), { dims: { n: 2 } }).get(x)?.shape).toEqual([2, 16]);
  });
});

function missing(): never {
  throw new Error('a value is missing');
}
