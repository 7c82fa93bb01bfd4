import { describe, expect, it } from 'vitest';
import { observeShapes } from '../../src/compute/observe-shapes.ts';
import { observeSymbolicShapes } from '../../src/compute/observe-symbolic-shapes.ts';
import type { InputRequest } from '../../src/data/input-request.ts';
import { openModel } from '../../src/onnx/file/open-model.ts';
import { floats, GraphBuilder, long, longs } from '../../src/onnx/graph-builder.ts';
import type { Model } from '../../src/onnx/model.ts';
import { inferTypes } from '../../src/onnx/shape/infer-types.ts';
import { isStaticShape, tensorType } from '../../src/onnx/value-type.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';
import { ramp } from '../onnx/passes/clean-up-check.ts';
import { npmModels } from './npm-models.ts';

const unwritable = () => Promise.reject(new Error('the model is small'));
const around = (model: Model) => ({ model, name: 'a.onnx', runner: inProcessRunner(), write: unwritable });
const request: InputRequest = {
  modelPath: 'a.onnx',
  dims: {},
  shapes: {},
  values: {},
  samples: null,
  integerLimits: {},
  batch: null,
  batchAxis: { kind: 'none' },
  poolSize: 1,
  seed: 1,
};

describe('observeShapes', () => {
  it('tells types and shapes of everything in between', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n', 3]);
    const [values, indices] = g.ops('TopK', [x, g.constant('two', longs([2]))], { outputs: 2, as: 'top' });
    const positive = g.op('Greater', [values ?? x, g.constant('zero', floats([], [0]))], { as: 'positive' });
    const half = g.op('Cast', [x], { attributes: { to: 10 }, as: 'half' });
    const scalar = g.op('ReduceSum', [half], { attributes: { keepdims: 0 }, as: 'scalar' });
    g.output(g.op('NonZero', [positive], { as: 'places' }), 'y', tensorType('int64', [2, null]));
    g.output(scalar, 'z', tensorType('float16', []));
    g.output(indices ?? x, 'i', tensorType('int64', ['n', 2]));
    const { values: seen, skipped } = await observeShapes(around(g.model()), {
      x: floats([2, 3], [1, -1, 5, -7, -8, 9]),
    });
    expect(Object.fromEntries(seen)).toEqual({
      top: { type: 'float32', dims: [2, 2] },
      i: { type: 'int64', dims: [2, 2] },
      positive: { type: 'bool', dims: [2, 2] },
      half: { type: 'float16', dims: [2, 3] },
      z: { type: 'float16', dims: [] },
      // 5, 1 and 9 are positive among the two largest of each row.
      y: { type: 'int64', dims: [2, 3] },
    });
    expect(skipped).toEqual([]);
  });

  it('says what it did not see: sequences, and what is inside subgraphs', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [4]);
    const parts = g.op('SplitToSequence', [x, g.constant('size', long(2))], { as: 'parts' });
    const first = g.op('SequenceAt', [parts, g.constant('at', long(0))], { as: 'first' });
    const branch = (op: string) => {
      const inner = g.subgraph(op);
      inner.output(inner.op(op, [first], { as: `inner_${op}` }));
      return inner.graph;
    };
    const attributes = { then_branch: branch('Neg'), else_branch: branch('Exp') };
    const condition = g.constant('go', { type: 'bool', dims: [], data: new Uint8Array([1]) });
    g.output(g.op('If', [condition], { attributes }), 'y', tensorType('float32', [2]));
    const { values, skipped } = await observeShapes(around(g.model()), { x: ramp([4]) });
    expect(Object.fromEntries(values)).toEqual({
      first: { type: 'float32', dims: [2] },
      y: { type: 'float32', dims: [2] },
    });
    expect(skipped).toEqual([
      { name: 'parts', reason: 'no-shape' },
      { name: 'inner_Exp', reason: 'in-subgraph' },
      { name: 'inner_Neg', reason: 'in-subgraph' },
    ]);
  });

  it('tells shapes of types that cannot be read back', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 3]);
    const brain = g.op('Cast', [x], { attributes: { to: 16 }, as: 'brain' });
    g.output(g.op('Cast', [brain], { attributes: { to: 1 } }), 'y', tensorType('float32', [2, 3]));
    const { values } = await observeShapes(around(g.model()), { x: ramp([2, 3]) });
    expect(values.get('brain')).toEqual({ type: 'bfloat16', dims: [2, 3] });
  });

  it('throws what the runtime says of the inputs', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n']);
    g.output(g.op('Reshape', [x, g.constant('shape', longs([2, 2]))]), 'y', tensorType('float32', [2, 2]));
    await expect(observeShapes(around(g.model()), { x: ramp([5]) })).rejects.toMatchObject({
      code: 'run-failed',
      details: { model: 'a.onnx' },
    });
  });

  it.each(Object.entries(npmModels))('agrees with the static shapes of %s', async (_, { path, feeds }) => {
    const { model, close } = openModel(path);
    const dims = Object.fromEntries(
      model.graph.inputs.flatMap(({ name, type }) =>
        (type?.kind === 'tensor' ? (type.shape ?? []) : []).map((dim, axis) => [
          typeof dim === 'string' ? dim : `${name}#${axis}`,
          feeds[name]?.dims[axis] ?? 0,
        ]),
      ),
    );
    const types = inferTypes(model, { dims });
    const { values } = await observeShapes(around(model), feeds);
    let agreed = 0;
    for (const node of model.graph.nodes()) {
      for (const value of node.outputs) {
        const seen = value && values.get(value.name);
        const told = value && types.get(value);
        if (!seen || !told || !isStaticShape(told.shape)) continue;
        expect({ name: value.name, type: told.elementType, dims: told.shape }).toEqual({ name: value.name, ...seen });
        agreed++;
      }
    }
    expect(agreed).toBeGreaterThan(model.graph.nodeCount / 2);
    close();
  });
});

describe('observeSymbolicShapes', () => {
  it('keeps the dimensions that runs at other sizes confirm', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['batch', 'seq', 4]);
    const doubled = g.op('Concat', [x, x], { attributes: { axis: 1 }, as: 'doubled' });
    const turned = g.op('Transpose', [x], { attributes: { perm: [1, 0, 2] }, as: 'turned' });
    const flat = g.op('Reshape', [turned, g.constant('rows', longs([-1, 4]))], { as: 'flat' });
    g.op('NonZero', [x], { as: 'places' });
    g.output(g.op('ReduceSum', [flat], { attributes: { keepdims: 0 } }), 'y', tensorType('float32', []));
    g.output(doubled, 'doubled', tensorType('float32'));
    const { values, dims, rigid } = await observeSymbolicShapes(around(g.model()), {
      ...request,
      // Equal sizes: only other runs can tell which is which.
      dims: { batch: 2, seq: 2 },
    });
    expect(dims).toEqual({ batch: 2, seq: 2 });
    expect(rigid).toEqual([]);
    expect(values.get('turned')).toEqual({ type: 'float32', shape: ['seq', 'batch', 4] });
    expect(values.get('doubled')?.shape).toEqual(['batch', null, 4]);
    expect(values.get('flat')?.shape).toEqual([null, 4]);
    expect(values.get('y')?.shape).toEqual([]);
    expect(values.get('places')?.shape).toEqual([3, null]);
  });

  it('is not misled by a length that is rounded up', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1, 1, 'width']);
    // ceil(width / 2), then twice that: width itself where it is even.
    const pooled = g.op('MaxPool', [x], {
      attributes: { kernel_shape: [2], strides: [2], ceil_mode: 1 },
      as: 'pooled',
    });
    const scales = g.constant('scales', floats([3], [1, 1, 2]));
    g.output(g.op('Resize', [pooled, null, scales], { as: 'even' }), 'even', tensorType('float32'));
    const { values } = await observeSymbolicShapes(around(g.model()), { ...request, dims: { width: 8 } });
    expect(values.get('even')?.shape).toEqual([1, 1, null]);
  });

  it('says which dimension the model takes at one size only, and claims nothing of it', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n', 'm']);
    const w = g.constant('w', ramp([3, 5]));
    g.output(g.op('MatMul', [x, w], { as: 'xw' }), 'y', tensorType('float32'));
    g.op('Transpose', [x], { as: 'turned' });
    const { values, rigid } = await observeSymbolicShapes(around(g.model()), { ...request, dims: { n: 2, m: 3 } });
    expect(rigid).toEqual(['m']);
    expect(values.get('y')?.shape).toEqual(['n', null]);
    expect(values.get('turned')?.shape).toEqual([null, 'n']);
  });

  it('names dimensions that the model wants equal', async () => {
    const g = new GraphBuilder();
    const a = g.input('a', 'float32', [null, 3]);
    const b = g.input('b', 'float32', [3, null]);
    // [n, 3] x [3, n], then [n, n] against [n, n]^T: n is what both leave open.
    const square = g.op('MatMul', [a, b], { as: 'square' });
    const turned = g.op('Transpose', [square], { attributes: { perm: [1, 0] } });
    g.output(g.op('Add', [square, turned]), 'y', tensorType('float32'));
    const dims = { 'a#0': 4, 'b#1': 4 };
    const { values, rigid } = await observeSymbolicShapes(around(g.model()), { ...request, dims });
    expect(rigid).toEqual([]);
    expect(values.get('square')?.shape).toEqual(['a#0', 'a#0']);
  });

  it('lets a total follow from its parts', async () => {
    const g = new GraphBuilder();
    const past = g.input('past', 'float32', ['past_length', 2]);
    const fresh = g.input('fresh', 'float32', ['sequence', 2]);
    const mask = g.input('mask', 'float32', ['total_length', 1]);
    const all = g.op('Concat', [past, fresh], { attributes: { axis: 0 }, as: 'all' });
    const norms = g.op('ReduceSum', [all, g.constant('axes', longs([1]))], { as: 'norms' });
    g.output(g.op('Add', [g.op('Add', [norms, mask]), all]), 'y', tensorType('float32'));
    const { values, dims, rigid } = await observeSymbolicShapes(around(g.model()), request);
    expect(dims).toMatchObject({ past_length: 0, sequence: 128, total_length: 128 });
    expect(rigid).toEqual([]);
    expect(values.get('all')?.shape).toEqual(['total_length', 2]);
  });
});
