import { describe, expect, it } from 'vitest';
import { randomWeights } from '../../src/distill/random-weights.ts';
import type { Model } from '../../src/onnx/model.ts';
import { GraphBuilder, longs } from '../../src/onnx/graph-builder.ts';
import { normal } from './small-students.ts';

/** A weight, a bias, a scale … of each kind. */
function model(): Model {
  const g = new GraphBuilder();
  const weight = (name: string, dims: readonly number[]) => g.constant(name, normal(dims, { seed: 0, name }));
  const x = g.input('x', 'float32', ['n', 8, 16, 16]);
  const conv = g.op('Conv', [x, weight('conv.w', [64, 8, 3, 3]), weight('conv.b', [64])]);
  const depthwise = g.op('Conv', [conv, weight('depthwise.w', [64, 1, 5, 5])], { attributes: { group: 64 } });
  const back = g.op('ConvTranspose', [depthwise, weight('back.w', [64, 32, 2, 2])]);
  const norm = g.op('InstanceNormalization', [back, weight('norm.s', [32]), weight('norm.b', [32])]);
  const slope = g.op('PRelu', [norm, weight('slope', [32, 1, 1])]);
  const flat = g.op('Flatten', [g.op('GlobalAveragePool', [slope])]);
  const gemm = g.op('Gemm', [flat, weight('gemm.w', [128, 32]), weight('gemm.b', [128])], {
    attributes: { transB: 1 },
  });
  const turned = g.op('Transpose', [weight('linear.w', [64, 128])], { attributes: { perm: [1, 0] } });
  const linear = g.op('Add', [g.op('MatMul', [gemm, turned]), weight('linear.b', [64])]);
  const rows = g.op('Gather', [weight('table', [500, 64]), g.constant('ids', longs([1]))], { attributes: { axis: 0 } });
  g.output(g.op('Mul', [g.op('Add', [linear, rows]), weight('scale', [64])]), 'y');
  return g.model();
}

const names = [...model().graph.initializers].map(({ name }) => name).filter((name) => name !== 'ids');

function deviationOf(name: string): number {
  const values = Array.from(randomWeights(model(), names, 3)[name]?.data ?? [], Number);
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

describe('fresh weights', () => {
  it.each([
    ['conv.w', 8 * 9],
    ['depthwise.w', 25],
    ['back.w', 64 * 4],
    ['gemm.w', 32],
    ['linear.w', 128],
  ])('%s has the variance of He for %i inputs', (name, inputs) => {
    expect(deviationOf(name) / Math.sqrt(2 / inputs)).toBeCloseTo(1, 1);
  });

  it.each([
    ['conv.b', 0],
    ['norm.b', 0],
    ['gemm.b', 0],
    ['linear.b', 0],
    ['norm.s', 1],
    ['scale', 1],
    ['slope', 0.25],
  ])('%s is %f', (name, value) => {
    const tensor = randomWeights(model(), names, 3)[name];
    expect([...new Set(Array.from(tensor?.data ?? [], Number))]).toEqual([value]);
  });

  it('an embedding is small', () => {
    expect(deviationOf('table')).toBeCloseTo(0.02, 2);
  });

  it('follow from seed and name alone, and are drawn for what is asked for', () => {
    const drawn = randomWeights(model(), names, 3);
    expect(randomWeights(model(), ['gemm.w'], 3)).toEqual({ 'gemm.w': drawn['gemm.w'] });
    expect(randomWeights(model(), ['gemm.w'], 4)['gemm.w']).not.toEqual(drawn['gemm.w']);
  });
});
