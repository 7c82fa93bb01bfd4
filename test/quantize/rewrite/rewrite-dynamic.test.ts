import { describe, expect, it } from 'vitest';
import { copyModel } from '../../../src/compute/copy-model.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { dequantizeWeight, quantizeWeight } from '../../../src/quantize/numeric/quantize-weight.ts';
import { matrixOf, productLayerOf } from '../../../src/quantize/rewrite/product-layer.ts';
import type { DynamicRule } from '../../../src/quantize/rewrite/rewrite-dynamic.ts';
import { DynamicRewriter } from '../../../src/quantize/rewrite/rewrite-dynamic.ts';
import { floatConstant } from '../../../src/quantize/rewrite/weights.ts';
import { difference, largest, noise, opsOf, optimizedOps, run, sqnr } from './run-models.ts';

/** In 7 bits: with 8, pairs of products saturate on processors without VNNI (MLAS's vpmaddubsw). */
const perChannel = { perChannel: true, reduced: true };
const levels = ['disabled', 'basic', 'extended', 'layout', 'all'] as const;
const float = tensorType('float32');

function rewritten(model: Model, rule: DynamicRule = perChannel): Model {
  const copy = copyModel(model);
  const rewriter = new DynamicRewriter(rule);
  for (const node of copy.graph.nodes()) rewriter.rewrite(node);
  checkGraph(copy);
  return copy;
}

/** The same in float: weights rounded to integers and back, inputs through DynamicQuantizeLinear and back. */
function formulaOf(model: Model, rule: DynamicRule): Model {
  const copy = copyModel(model);
  const g = new GraphBuilder(copy.graph);
  for (const node of copy.graph.nodes()) {
    const layer = productLayerOf(node);
    if (layer === null) continue;
    const { isTransposed, alpha, input } = layer;
    const { dims, data } = matrixOf(layer);
    const real = dequantizeWeight(
      quantizeWeight({ dims, data }, { type: 'int8', axis: rule.perChannel ? 1 : null, reduced: rule.reduced }),
    );
    const stored = floatConstant(layer.weight);
    if (stored === null) continue;
    const [rows, columns] = dims;
    const back = Float32Array.from(
      real,
      (_, i) => (isTransposed ? (real[(i % rows) * columns + Math.floor(i / rows)] ?? 0) : (real[i] ?? 0)) / alpha,
    );
    node.setInput(1, g.constant('rounded', Tensor.fromDense({ type: 'float32', dims: stored.dims, data: back })));
    const quantize = copy.graph.insertBefore(node, {
      op: 'DynamicQuantizeLinear',
      inputs: [input],
      outputs: ['q', 's', 'z'],
    });
    const dequantize = copy.graph.insertBefore(node, {
      op: 'DequantizeLinear',
      inputs: quantize.outputs,
      outputs: ['r'],
    });
    node.setInput(0, dequantize.output(0));
  }
  return copy;
}

interface Expectation {
  readonly model: Model;
  readonly feeds: NamedTensors;
}

async function expectSame({ model, feeds }: Expectation, rule: DynamicRule = perChannel): Promise<Model> {
  const expected = await run(model, feeds);
  const quantized = rewritten(model, rule);
  expect(quantized.graph.outputs.map(({ name, declaredType }) => ({ name, declaredType }))).toEqual(
    model.graph.outputs.map(({ name, declaredType }) => ({ name, declaredType })),
  );
  const formula = await run(formulaOf(model, rule), feeds);
  for (const level of levels) {
    const actual = await run(quantized, feeds, level);
    expect(sqnr(expected, actual)).toBeGreaterThan(30);
    expect(difference(formula, actual)).toBeLessThan(1e-4 * largest(expected));
  }
  return quantized;
}

interface GemmCase {
  readonly transB?: number;
  readonly alpha?: number;
  readonly beta?: number;
  readonly bias?: readonly number[] | null;
}

function gemm({ transB = 0, alpha = 1, beta = 1, bias = [6] }: GemmCase): Expectation {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['n', 16]);
  const w = g.constant('w', noise(transB === 1 ? [6, 16] : [16, 6], 1));
  const c = bias === null ? [] : [g.constant('c', noise(bias, 2))];
  const attributes = { transB, alpha: { float: alpha }, beta: { float: beta } };
  g.output(g.op('Gemm', [x, w, ...c], { attributes, name: 'fc' }), 'y', float);
  return { model: g.model(), feeds: { x: noise([5, 16], 3) } };
}

function matmul(bias: readonly number[] | null, weights = noise([24, 8], 1)): Expectation {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', ['n', 'm', 24]);
  const product = g.op('MatMul', [x, g.constant('w', weights)]);
  g.output(bias === null ? product : g.op('Add', [product, g.constant('b', noise(bias, 2))]), 'y', float);
  return { model: g.model(), feeds: { x: noise([2, 3, 24], 4) } };
}

/** Every other row is 0, so that 8 bits do not saturate in pairs on any processor. */
function withoutPairs({ dims, data }: DenseTensor): DenseTensor {
  const columns = dims[1] ?? 1;
  return {
    type: 'float32',
    dims,
    data: Float32Array.from(Array.from(data, Number), (x, i) => (Math.floor(i / columns) % 2) * x),
  };
}

describe('DynamicRewriter', () => {
  const rules: readonly DynamicRule[] = [true, false].flatMap((each) =>
    [true, false].map((reduced) => ({ perChannel: each, reduced })),
  );

  it.each(rules)('computes MatMul as the formula says, %o', async (rule) => {
    const quantized = await expectSame(matmul(null, withoutPairs(noise([24, 8], 1))), rule);
    expect(opsOf(quantized)).toEqual(['DynamicQuantizeLinear', 'MatMulInteger', 'Cast', 'Mul', 'Mul']);
    expect([...quantized.graph.initializers].map(({ type }) => type?.kind === 'tensor' && type.elementType)).toEqual([
      'int8',
      'float32',
      'int8',
    ]);
  });

  it.each([null, [8]])('makes onnxruntime run one node of MatMul with a bias of %j', async (bias) => {
    const quantized = await expectSame(matmul(bias));
    expect(await optimizedOps(quantized)).toEqual(['DynamicQuantizeMatMul']);
  });

  const cases: readonly GemmCase[] = [
    {},
    { transB: 1 },
    { alpha: 0.5, beta: 2 },
    { transB: 1, alpha: -1.5, beta: 0.25, bias: [1, 6] },
    { bias: [] },
    { bias: [1] },
    { bias: [1, 1], beta: 3 },
    { bias: null },
  ];

  it.each(cases)('computes Gemm as the formula says, %o', async (options) => {
    const quantized = await expectSame(gemm(options));
    expect(await optimizedOps(quantized)).toEqual(['DynamicQuantizeMatMul']);
  });

  it('leaves alone what it cannot write', () => {
    const refused = (bias: readonly number[], attributes: Readonly<Record<string, number>>) => {
      const g = new GraphBuilder();
      const x = g.input('x', 'float32', [5, 5]);
      g.output(g.op('Gemm', [x, g.constant('w', noise([5, 5], 1)), g.constant('c', noise(bias, 2))], { attributes }));
      const model = g.model();
      const [node] = model.graph.nodes();
      return node !== undefined && !new DynamicRewriter(perChannel).rewrite(node) && model.graph.nodeCount === 1;
    };
    expect(refused([5, 1], {})).toBe(true);
    expect(refused([5, 5], {})).toBe(true);
    expect(refused([5], { transA: 1 })).toBe(true);
    expect(refused([5], {})).toBe(false);
  });

  it('quantizes a shared input once', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n', 16]);
    const h = g.op('Relu', [x]);
    for (const [i, n] of [4, 8].entries())
      g.output(g.op('MatMul', [h, g.constant('w', noise([16, n], i))]), `y${i}`, float);
    const quantized = await expectSame({ model: g.model(), feeds: { x: noise([7, 16], 3) } });
    expect(opsOf(quantized).filter((op) => op === 'DynamicQuantizeLinear')).toHaveLength(1);
    expect(await optimizedOps(quantized)).toEqual([
      'DynamicQuantizeLinear',
      'MatMulIntegerToFloat',
      'MatMulIntegerToFloat',
      'Relu',
    ]);
  });

  it('stores a shared weight once, and keeps it for those that need it in float', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n', 16]);
    const w = g.constant('w', noise([16, 16], 1));
    const first = g.op('MatMul', [x, w]);
    const second = g.op('Gemm', [g.op('Relu', [first]), w]);
    const third = g.op('Gemm', [second, w], { attributes: { transB: 1 } });
    g.output(g.op('Add', [third, w]), 'y', float);
    const model = g.model();
    const quantized = rewritten(model);
    const stored = [...quantized.graph.initializers].filter(({ constant }) => constant?.elementCount === 256);
    // As it is, transposed (another set of scales), and in float.
    expect(stored.map(({ type }) => type?.kind === 'tensor' && type.elementType).toSorted()).toEqual([
      'float32',
      'int8',
      'int8',
    ]);
    const feeds = { x: noise([16, 16], 3) };
    expect(sqnr(await run(model, feeds), await run(quantized, feeds, 'all'))).toBeGreaterThan(30);
  });

  it('rewrites products in a row, of which one is returned too', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n', 16]);
    const first = g.op('MatMul', [x, g.constant('w', noise([16, 16], 1))]);
    g.output(first, 'hidden', float);
    g.output(g.op('Gemm', [first, g.constant('v', noise([16, 16], 2))]), 'y', float);
    const model = g.model();
    const quantized = rewritten(model);
    expect(quantized.graph.outputs.map(({ name }) => name)).toEqual(['hidden', 'y']);
    const feeds = { x: noise([3, 16], 3) };
    for (const level of levels)
      expect(sqnr(await run(model, feeds), await run(quantized, feeds, level))).toBeGreaterThan(30);
  });

  it('takes a vector for an input, and no rows at all', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [16]);
    g.output(g.op('MatMul', [x, g.constant('w', noise([16, 4], 1))]), 'y', float);
    await expectSame({ model: g.model(), feeds: { x: noise([16], 3) } });
  });

  it('drops the name of a node that nobody needs, and leaves the node alone', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [1, 4]);
    g.op('MatMul', [x, g.constant('w', noise([4, 4], 1))]);
    g.output(g.op('Relu', [x]), 'y', float);
    const model = g.model();
    const [node] = model.graph.nodes();
    expect(node && new DynamicRewriter(perChannel).rewrite(node)).toBe(false);
    checkGraph(model);
  });

  it('gives every graph its own quantized input', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 16]);
    const condition = g.input('condition', 'bool', []);
    const w = g.constant('w', noise([16, 4], 1));
    const branch = (name: string, other: number) => {
      const b = g.subgraph(name);
      const y = b.op('MatMul', [x, w]);
      b.output(b.op('Mul', [y, b.constant('factor', floats([], [other]))]), undefined, float);
      return b.graph;
    };
    const attributes = { then_branch: branch('then', 1), else_branch: branch('else', -1) };
    const chosen = g.op('If', [condition], { attributes });
    g.output(g.op('Add', [chosen, g.op('MatMul', [x, w])]), 'y', float);
    const model = g.model();
    const feeds = { x: noise([2, 16], 3), condition: { type: 'bool', dims: [], data: Uint8Array.of(1) } } as const;
    const expected = await run(model, feeds);
    const rewriter = new DynamicRewriter(perChannel);
    for (const graph of [...Object.values(attributes), model.graph])
      for (const node of graph.nodes()) rewriter.rewrite(node);
    checkGraph(model);
    for (const level of levels) expect(sqnr(expected, await run(model, feeds, level))).toBeGreaterThan(30);
  });
});
