import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/errors.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { floats, GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { fixDimensions } from '../../../src/onnx/passes/fix-dimensions.ts';
import type { Shape } from '../../../src/onnx/value-type.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { openOnnxSession } from '../../../src/runtime/onnxruntime.ts';
import { runModel } from '../../numerics/run-model.ts';

/** x: [batch, 3, ?], past: [batch, past] -> y: [batch, 3, ?], z: [batch, past + 1]. */
function dynamicModel(): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['batch', 3, null]);
  const past = g.input('past', 'float32', ['batch', 'past']);
  const y = g.op('Relu', [x], { as: 'hidden' });
  y.setType(tensorType('float32', ['batch', 3, null]));
  const one = g.op('Slice', [past, ...[[0], [1], [1]].map((list) => g.constant('c', longs(list)))]);
  g.output(g.op('Neg', [y]), 'y', tensorType('float32', ['batch', 3, 'other']));
  g.output(g.op('Concat', [past, one], { attributes: { axis: 1 } }), 'z', tensorType('float32', ['batch', 'past + 1']));
  return g.model();
}

function shapesOf({ graph }: Model): Record<string, Shape> {
  const values = [...graph.inputs, ...[...graph.nodes()].flatMap(({ outputs }) => outputs)];
  return Object.fromEntries(
    values.flatMap((value) => (value?.type?.kind === 'tensor' ? [[value.name, value.type.shape]] : [])),
  );
}

describe('fixDimensions', () => {
  it('puts lengths into inputs, values and outputs, and works out sums', () => {
    const model = dynamicModel();
    const pass = fixDimensions({ batch: 2, past: 4 });
    expect(pass.apply(model)).toBe(true);
    checkGraph(model);
    expect(shapesOf(model)).toEqual({
      x: [2, 3, null],
      past: [2, 4],
      hidden: [2, 3, null],
      y: [2, 3, 'other'],
      z: [2, 5],
    });
    expect(pass.apply(model)).toBe(false);
  });

  it('names axes by their input, also those without a name', () => {
    const model = dynamicModel();
    fixDimensions({ 'x#2': 7, 'past#0': 1 }).apply(model);
    expect(shapesOf(model)).toEqual({
      x: [1, 3, 7],
      past: [1, 'past'],
      hidden: [1, 3, null],
      y: [1, 3, 'other'],
      z: [1, 'past + 1'],
    });
  });

  it('is what onnxruntime sees and holds to', async () => {
    const model = dynamicModel();
    const feeds = { x: floats([2, 3, 1], [-1, 2, -3, 4, -5, 6]), past: floats([2, 2], [1, 2, 3, 4]) };
    const before = await runModel(encodeModel(model), feeds);
    fixDimensions({ batch: 2 }).apply(model);
    const bytes = encodeModel(model);
    expect(await runModel(bytes, feeds)).toEqual(before);
    const options = { modelPath: '', bytes, provider: 'cpu', threads: 1, strictProvider: false } as const;
    const session = await openOnnxSession({ ...options, optimization: 'disabled' });
    expect(session.signature.inputs.map(({ shape }) => shape)).toEqual([
      [2, 3, 'x#2'],
      [2, 'past'],
    ]);
    await session.release();
    await expect(runModel(bytes, { ...feeds, x: floats([1, 3, 1], [1, 2, 3]) })).rejects.toThrow(/invalid dimensions/);
  });

  it.each([
    [{ bach: 1 }, 'unknown-dimension', { dimension: 'bach', known: ['batch', 'x#2', 'past'] }],
    [{ 'x#1': 3 }, 'unknown-dimension', { dimension: 'x#1', known: ['batch', 'x#2', 'past'] }],
    [{ other: 3 }, 'unknown-dimension', { dimension: 'other', known: ['batch', 'x#2', 'past'] }],
    [{ batch: 1, 'past#0': 2 }, 'dimension-conflict', { dimension: 'batch', first: 1, second: 2 }],
    [{ batch: 1.5 }, 'bad-value', { flag: '--dim', value: 'batch=1.5', expected: 'a whole number' }],
  ])('refuses %o', (dims, code, details) => {
    const model = dynamicModel();
    const before = shapesOf(model);
    expect(() => fixDimensions(dims).apply(model)).toThrow(UsageError);
    expect(() => fixDimensions(dims).apply(model)).toThrow(expect.objectContaining({ code, details }));
    expect(shapesOf(model)).toEqual(before);
  });
});
