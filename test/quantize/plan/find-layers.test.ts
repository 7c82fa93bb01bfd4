import { describe, expect, it } from 'vitest';
import { GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { exclusionOf } from '../../../src/quantize/plan/exclusion.ts';
import { findLayers } from '../../../src/quantize/plan/find-layers.ts';
import { noise } from '../rewrite/run-models.ts';

type Build = (g: GraphBuilder, x: Value) => Value;

function layersOf(build: Build, exclude: readonly string[] = []) {
  const g = new GraphBuilder();
  g.output(build(g, g.input('x', 'float32', [1, 16, 16])), 'y', tensorType('float32'));
  return findLayers(g.model(), exclusionOf(exclude)).map(({ node, kind, parameters, reason }) => ({
    op: node.op,
    kind,
    parameters,
    reason,
  }));
}

const w = (g: GraphBuilder, dims: readonly number[]) => g.constant('w', noise(dims, 1));

describe('findLayers', () => {
  const usable: readonly (readonly [string, Build, number])[] = [
    ['product', (g, x) => g.op('MatMul', [x, w(g, [16, 16])]), 256],
    ['product', (g, x) => g.op('Gemm', [x, w(g, [32, 16]), w(g, [1, 32])], { attributes: { transB: 1 } }), 512],
    ['product', (g, x) => g.op('Gemm', [x, w(g, [16, 32])], { attributes: { alpha: { float: 0.5 } } }), 512],
    ['convolution', (g, x) => g.op('Conv', [x, w(g, [8, 16, 3]), w(g, [8])]), 384],
    ['embedding', (g) => g.op('Gather', [w(g, [32, 16]), g.constant('i', longs([1, 2]))]), 512],
  ];

  it.each(usable)('finds a %s', (kind, build, parameters) => {
    expect(layersOf(build)).toMatchObject([{ kind, parameters, reason: null }]);
  });

  const obstacles: readonly (readonly [string, Build])[] = [
    ['weight-not-constant', (g, x) => g.op('MatMul', [x, x])],
    ['weight-not-constant', (g, x) => g.op('MatMul', [w(g, [16, 16]), x])],
    ['too-small', (g, x) => g.op('MatMul', [x, w(g, [16, 15])])],
    [
      'weight-type',
      (g, x) => g.op('MatMul', [x, g.constant('w', { type: 'float16', dims: [16, 16], data: new Uint16Array(256) })]),
    ],
    ['no-integer-kernel', (g, x) => g.op('MatMul', [x, w(g, [1, 16, 16])])],
    ['no-integer-kernel', (g, x) => g.op('Gemm', [x, w(g, [16, 16])], { attributes: { transA: 1 } })],
    ['no-integer-kernel', (g, x) => g.op('ConvTranspose', [x, w(g, [16, 8, 3])])],
    ['no-integer-kernel', (g, x) => g.op('Conv', [x, w(g, [8, 16, 3]), g.op('Identity', [w(g, [8])])])],
    ['no-integer-kernel', (g, x) => g.op('Einsum', [x, w(g, [16, 16])], { attributes: { equation: 'bij,jk->bik' } })],
    [
      'no-integer-kernel',
      (g, x) => g.op('LSTM', [x, w(g, [1, 64, 16]), w(g, [1, 64, 16])], { attributes: { hidden_size: 16 } }),
    ],
    [
      'already-quantized',
      (g, x) => {
        const q = g.constant('q', { type: 'int8', dims: [16, 16], data: new Int8Array(256) });
        return g.op('MatMul', [x, g.op('DequantizeLinear', [q, w(g, [])])]);
      },
    ],
  ];

  it.each(obstacles)('says %s', (reason, build) => {
    expect(layersOf(build)).toMatchObject([{ reason }]);
  });

  it('says that a node is excluded, whatever else stands in its way', () => {
    expect(layersOf((g, x) => g.op('MatMul', [x, x]), ['MatMul'])).toMatchObject([{ reason: 'excluded' }]);
    expect(layersOf((g, x) => g.op('MatMul', [x, w(g, [16, 16])]), ['y'])).toMatchObject([{ reason: 'excluded' }]);
  });

  it('finds layers in control flow', () => {
    const found = layersOf((g, x) => {
      const b = g.subgraph('branch');
      b.output(b.op('MatMul', [x, w(g, [16, 16])]), undefined, tensorType('float32'));
      const c = g.subgraph('other');
      c.output(c.op('Relu', [x]), undefined, tensorType('float32'));
      const condition = g.constant('c', { type: 'bool', dims: [], data: Uint8Array.of(1) });
      return g.op('If', [condition], { attributes: { then_branch: b.graph, else_branch: c.graph } });
    });
    expect(found).toMatchObject([{ op: 'MatMul', reason: null }]);
  });

  it('takes no Gather for a layer that picks elements of something else', () => {
    expect(layersOf((g, x) => g.op('Gather', [x, g.constant('i', longs([1]))]))).toEqual([]);
    expect(layersOf((g) => g.op('Gather', [w(g, [300]), g.constant('i', longs([1]))]))).toEqual([]);
    expect(layersOf((g) => g.op('Gather', [w(g, [4, 4]), g.constant('i', longs([1]))]))).toEqual([]);
  });

  it('knows the standard operators only', () => {
    expect(layersOf((g, x) => g.op('MatMul', [x, w(g, [16, 16])], { domain: 'com.example' }))).toEqual([]);
  });
});
