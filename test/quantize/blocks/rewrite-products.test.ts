import { describe, expect, test } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Node } from '../../../src/onnx/node.ts';
import type { Value } from '../../../src/onnx/value.ts';
import type { Shape } from '../../../src/onnx/value-type.ts';
import { dequantizeBlocks, dequantizeRows } from '../../../src/quantize/blocks/dequantize-blocks.ts';
import { packBlocks } from '../../../src/quantize/blocks/pack-blocks.ts';
import { loadWeight, productWeight } from '../../../src/quantize/blocks/product-weight.ts';
import { quantizeBlocks } from '../../../src/quantize/blocks/quantize-blocks.ts';
import { rewriteMatMulBlocks } from '../../../src/quantize/blocks/rewrite-matmul-blocks.ts';
import { floatsIn, gaussianWeight, runModel, transposed } from './samples.ts';

const size = { k: 48, n: 5 };
const weight = gaussianWeight(size);
const blocks = quantizeBlocks(weight, { bits: 4, blockSize: 32, symmetric: false, method: 'rtn' });
const rounded = dequantizeBlocks(blocks);
const x = { type: 'float32', dims: [3, 48], data: gaussianWeight({ k: 3, n: 48 }, 9).data } as const;

interface Case {
  readonly name: string;
  /** Given a weight `[K, N]` and its transpose. */
  readonly build: (g: GraphBuilder, x: Value, w: readonly number[], t: readonly number[]) => Value;
  readonly ops: readonly string[];
  readonly shape?: Shape;
  readonly opset?: number;
  readonly rows?: readonly number[];
}

const bias = floats([5], [1, 2, 3, 4, 5]);
const cases: readonly Case[] = [
  {
    name: 'MatMul',
    ops: ['MatMulNBits'],
    build: (g, x, w) => g.op('MatMul', [x, g.constant('w', floats([48, 5], w))], { name: 'layer' }),
  },
  {
    name: 'MatMul through a Transpose',
    ops: ['MatMulNBits'],
    build: (g, x, _, t) => g.op('MatMul', [x, g.op('Transpose', [g.constant('w', floats([5, 48], t))])]),
  },
  {
    name: 'MatMul with a third axis of its own',
    ops: ['MatMulNBits', 'Unsqueeze'],
    shape: [1, 'm', 5],
    build: (g, x, w) => g.op('MatMul', [x, g.constant('w', floats([1, 48, 5], w))], { name: 'layer' }),
  },
  {
    name: 'the same before opset 13',
    ops: ['MatMulNBits', 'Unsqueeze'],
    shape: [1, 1, 'm', 5],
    opset: 11,
    build: (g, x, w) => g.op('MatMul', [x, g.constant('w', floats([1, 1, 48, 5], w))]),
  },
  {
    name: 'a vector by a MatMul with a third axis',
    ops: ['MatMulNBits', 'Unsqueeze'],
    shape: [1, 5],
    rows: [],
    build: (g, x, w) => g.op('MatMul', [x, g.constant('w', floats([1, 48, 5], w))]),
  },
  { name: 'Gemm', ops: ['MatMulNBits'], build: (g, x, w) => g.op('Gemm', [x, g.constant('w', floats([48, 5], w))]) },
  {
    name: 'Gemm with transB and a bias',
    ops: ['MatMulNBits'],
    build: (g, x, _, t) =>
      g.op('Gemm', [x, g.constant('w', floats([5, 48], t)), g.constant('bias', bias)], {
        attributes: { transB: 1, alpha: { float: 1 } },
      }),
  },
  {
    name: 'Gemm of which every row is moved by another number',
    ops: ['MatMulNBits', 'Add'],
    build: (g, x, w) =>
      g.op('Gemm', [x, g.constant('w', floats([48, 5], w)), g.constant('c', floats([3, 1], [1, 2, 3]))]),
  },
  {
    name: 'Gemm with a scalar',
    ops: ['MatMulNBits', 'Add'],
    build: (g, x, w) =>
      g.op('Gemm', [x, g.constant('w', floats([48, 5], w)), g.constant('c', floats([], [2]))], { name: 'layer' }),
  },
];

describe('rewriteMatMulBlocks', () => {
  test.each(cases)('$name: the outputs of the rounded weight', async (sample) => {
    const feeds = { x: sample.rows ? { ...x, dims: [48], data: x.data.slice(0, 48) } : x };
    const { y: expected } = await runModel(modelOf(sample, rounded).model, feeds);
    const { model, node } = modelOf(sample, weight.data);
    expect(rewrite(model, node)).toBe(true);
    checkGraph(model);
    expect([...model.graph.nodes()].map(({ op }) => op)).toEqual(sample.ops);
    expect([...model.graph.initializers].map(({ name }) => name)).not.toContain('w');
    expect(model.opsets.get('com.microsoft')).toBe(1);
    const { y: found } = await runModel(model, feeds);
    expect(found?.dims).toEqual(expected?.dims);
    const wanted = floatsIn(expected);
    for (const [i, value] of floatsIn(found).entries()) expect(value).toBeCloseTo(wanted[i] ?? NaN, 5);
  });

  test('keeps names, and gives nodes of the same tensors the same initializers', () => {
    const g = new GraphBuilder();
    const w = g.constant('w', floats([48, 5], [...weight.data]));
    const input = g.input('x', 'float32', ['m', 48]);
    const first = g.op('MatMul', [input, w], { name: 'first' });
    g.output(g.op('Add', [g.op('MatMul', [input, w], { name: 'second' }), first]), 'y');
    const model = g.model();
    const tensors = packBlocks(blocks);
    const products = [...model.graph.nodes()].filter((node) => node.is('MatMul'));
    for (const node of products) expect(rewriteMatMulBlocks(model, node, { tensors, accuracyLevel: 4 })).toBe(true);
    expect(products.map(({ name }) => name)).toEqual(['first', 'second']);
    expect([...model.graph.initializers].map(({ name }) => name)).toEqual(['w_q4', 'w_scales', 'w_zero_points']);
    expect(products[0]?.int('accuracy_level', 0)).toBe(4);
  });

  test('leaves a weight that others read', () => {
    const g = new GraphBuilder();
    const w = g.constant('w', floats([48, 5], [...weight.data]));
    const product = g.op('MatMul', [g.input('x', 'float32', ['m', 48]), w]);
    g.output(product, 'y');
    g.output(g.op('Relu', [w]), 'z');
    const model = g.model();
    expect(rewrite(model, product.producer)).toBe(true);
    expect(w.isInitializer).toBe(true);
    expect(w.useCount).toBe(1);
  });

  test('works inside a subgraph', () => {
    const g = new GraphBuilder();
    const w = g.constant('w', floats([48, 5], [...weight.data]));
    const input = g.input('x', 'float32', ['m', 48]);
    const branches = ['then', 'else'].map((name) => {
      const inner = g.subgraph(name);
      inner.output(inner.op('MatMul', [input, w]));
      return inner.graph;
    });
    const [thenBranch, elseBranch] = branches;
    if (!thenBranch || !elseBranch) throw new TypeError('two branches');
    const condition = g.input('c', 'bool', []);
    g.output(g.op('If', [condition], { attributes: { then_branch: thenBranch, else_branch: elseBranch } }), 'y');
    const model = g.model();
    expect(branches.map((graph) => rewrite(model, graph.firstNode))).toEqual([true, true]);
    expect(w.isInitializer).toBe(false);
    checkGraph(model);
  });

  test.each<[string, (g: GraphBuilder, x: Value, w: Value) => Value]>([
    ['alpha', (g, x, w) => g.op('Gemm', [x, w], { attributes: { alpha: 0.5 } })],
    ['beta', (g, x, w) => g.op('Gemm', [x, w, g.constant('c', bias)], { attributes: { beta: 0.5 } })],
    ['transA', (g, x, w) => g.op('Gemm', [x, w], { attributes: { transA: 1 } })],
    ['a computed weight', (g, x, w) => g.op('MatMul', [x, g.op('Relu', [w])])],
    ['a weight that can be fed', (g, x, w) => (g.graph.exposeInitializer(w), g.op('MatMul', [x, w]))],
    [
      'a batch of weights',
      (g, x) => g.op('MatMul', [x, g.constant('v', floats([2, 48, 5], [...weight.data, ...weight.data]))]),
    ],
    ['the weight on the left', (g, x, w) => g.op('MatMul', [w, x])],
    [
      'a vector',
      (g, x) => g.op('MatMul', [x, g.constant('v', { type: 'float32', dims: [48], data: weight.data.slice(0, 48) })]),
    ],
    ['another operator', (g, x, w) => g.op('Add', [x, w])],
    [
      'an unknown rank',
      (g, _, w) =>
        g.op('MatMul', [
          g.input('u', 'float32'),
          g.constant('v', floats([1, 48, 5], [...(floatsIn(w.constant?.toDense()) ?? [])])),
        ]),
    ],
  ])('leaves alone: %s', (_, build) => {
    const g = new GraphBuilder();
    const w = g.constant('w', floats([48, 5], [...weight.data]));
    const y = build(g, g.input('x', 'float32', ['m', 48]), w);
    g.output(y, 'y');
    const model = g.model();
    const before = [...model.graph.nodes()].map(({ op }) => op);
    expect(rewrite(model, y.producer)).toBe(false);
    expect([...model.graph.nodes()].map(({ op }) => op)).toEqual(before);
    expect(model.opsets.has('com.microsoft')).toBe(false);
  });

  test('refuses tensors of another shape', () => {
    const { model, node } = modelOf(cases[0] as Case, weight.data);
    const other = packBlocks(
      quantizeBlocks(gaussianWeight({ k: 16, n: 5 }), { bits: 4, blockSize: 16, symmetric: true, method: 'rtn' }),
    );
    expect(() => rewriteMatMulBlocks(model, node, { tensors: other, accuracyLevel: 4 })).toThrow(RangeError);
  });
});

test('productWeight says how the weight lies, and loadWeight gives what it says', () => {
  for (const sample of cases) {
    const { node } = modelOf(sample, weight.data);
    const found = productWeight(node);
    if (found === null) throw new TypeError('no weight');
    expect({ k: found.k, n: found.n }).toEqual(size);
    expect(quantizeBlocks(loadWeight(found), { bits: 4, blockSize: 32, symmetric: false, method: 'rtn' })).toEqual(
      blocks,
    );
  }
});

test('dequantizeRows is the transpose of dequantizeBlocks', () => {
  expect(dequantizeRows(blocks)).toEqual(transposed({ ...weight, data: rounded }).data);
});

function modelOf({ build, shape, opset, rows }: Case, data: Float32Array): { model: Model; node: Node } {
  const g = new GraphBuilder();
  const input = g.input('x', 'float32', rows ? [48] : ['m', 48]);
  const y = build(g, input, [...data], [...transposed({ ...weight, data }).data]);
  g.output(y, 'y', { kind: 'tensor', elementType: 'float32', shape: shape ?? ['m', 5] });
  if (y.producer === null) throw new TypeError('no node');
  return { model: g.model({ opset: opset ?? 17 }), node: y.producer };
}

function rewrite(model: Model, node: Node | null): boolean {
  if (node === null) throw new TypeError('no node');
  return rewriteMatMulBlocks(model, node, { tensors: packBlocks(blocks), accuracyLevel: 0 });
}
