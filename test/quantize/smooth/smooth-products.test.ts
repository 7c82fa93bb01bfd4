import { describe, expect, it } from 'vitest';
import { copyModel } from '../../../src/compute/copy-model.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { DynamicRewriter } from '../../../src/quantize/rewrite/rewrite-dynamic.ts';
import { smoothingFactors } from '../../../src/quantize/smooth/smoothing-factors.ts';
import { smoothProducts } from '../../../src/quantize/smooth/smooth-products.ts';
import { difference, largest, noise, numbers, opsOf, run, sqnr } from '../rewrite/run-models.ts';

const k = 16;
const float = tensorType('float32');

/** Every eighth channel is far larger than the others. */
function outliers(): DenseTensor {
  return floats(
    [k],
    Array.from({ length: k }, (_, i) => (i % 8 === 3 ? 40 : 1)),
  );
}

interface Case {
  readonly model: Model;
  readonly feeds: NamedTensors;
}

type Build = (g: GraphBuilder, x: Value) => readonly Value[];

function caseOf(build: Build): Case {
  const g = new GraphBuilder();
  for (const [i, value] of build(g, g.input('x', 'float32', ['n', k])).entries()) g.output(value, `y${i}`, float);
  return { model: g.model(), feeds: { x: noise([24, k], 9) } };
}

let made = 0;
const w = (g: GraphBuilder, dims: readonly number[]) => g.constant('w', noise(dims, ++made, 0.3));
const product = (g: GraphBuilder, x: Value, n = k) => g.op('MatMul', [x, w(g, [k, n])]);
const normalization = (g: GraphBuilder, x: Value) =>
  g.op('LayerNormalization', [x, g.constant('gamma', outliers()), w(g, [k])], { as: 'normal' });

/** max |x| of each channel of every value with k of them. */
async function maximaOf({ model, feeds }: Case): Promise<(value: string) => Float64Array | null> {
  const copy = copyModel(model);
  for (const node of copy.graph.nodes())
    for (const value of node.outputs)
      if (value !== null && !value.isOutput) {
        value.setType(float);
        copy.graph.addOutput(value);
      }
  const results = await run(copy, feeds);
  return (name) => {
    const tensor = results[name];
    if (tensor === undefined) return null;
    const channels = tensor.dims.at(-1) ?? 1;
    const maxima = new Float64Array(channels);
    for (const [i, x] of numbers(tensor).entries())
      maxima[i % channels] = Math.max(maxima[i % channels] ?? 0, Math.abs(x));
    return maxima;
  };
}

async function dynamicSqnr(model: Model, { model: original, feeds }: Case): Promise<number> {
  const copy = copyModel(model);
  const rewriter = new DynamicRewriter({ perChannel: true, reduced: true });
  for (const node of copy.graph.nodes()) rewriter.rewrite(node);
  return sqnr(await run(original, feeds), await run(copy, feeds));
}

/** Smooths and checks that the model computes what it did, with the nodes that it had. */
async function smoothed(build: Build, alpha = 0.5) {
  const before = caseOf(build);
  const model = copyModel(before.model);
  const report = smoothProducts(model, { absMaxOf: await maximaOf(before), alpha });
  checkGraph(model);
  expect(opsOf(model)).toEqual(opsOf(before.model));
  const expected = await run(before.model, before.feeds);
  expect(difference(expected, await run(model, before.feeds))).toBeLessThan(1e-5 * largest(expected));
  const gain = (await dynamicSqnr(model, before)) - (await dynamicSqnr(before.model, before));
  return { model, report, gain };
}

describe('smoothProducts', () => {
  const foldable: readonly (readonly [string, Build])[] = [
    ['a LayerNormalization', (g, x) => [product(g, normalization(g, x))]],
    [
      'a LayerNormalization that several products read',
      (g, x) => {
        const normal = normalization(g, x);
        const gemm = g.op('Gemm', [normal, w(g, [5, k]), w(g, [5])], {
          attributes: { transB: 1, alpha: { float: 0.5 } },
        });
        return [product(g, normal), gemm, product(g, normal, 3)];
      },
    ],
    ['a factor', (g, x) => [product(g, g.op('Mul', [x, g.constant('c', outliers())], { as: 'normal' }))]],
    ['a factor in front', (g, x) => [product(g, g.op('Mul', [g.constant('c', outliers()), x], { as: 'normal' }))]],
    [
      'a scale and a shift',
      (g, x) => {
        const scaled = g.op('Mul', [g.op('Tanh', [x]), g.constant('c', outliers())]);
        return [product(g, g.op('Add', [scaled, w(g, [1, k])], { as: 'normal' }))];
      },
    ],
    [
      'another product, through Relu',
      (g, x) => {
        const columns = numbers(noise([k, k], 77));
        const first = floats(
          [k, k],
          columns.map((n, i) => n * (i % 8 === 3 ? 30 : 1)),
        );
        const hidden = g.op('Gemm', [x, g.constant('w', first), w(g, [])], { attributes: { beta: { float: 2 } } });
        return [product(g, g.op('Relu', [hidden], { as: 'normal' }))];
      },
    ],
    [
      'one side of a gate',
      (g, x) => {
        const gate = g.op('Sigmoid', [product(g, x)]);
        const up = g.op('Mul', [product(g, x), g.constant('c', outliers())]);
        return [product(g, g.op('Mul', [gate, up], { as: 'normal' }))];
      },
    ],
    [
      'both terms of a sum',
      (g, x) => {
        const [a, b] = [0, 1].map(() => g.op('Mul', [product(g, x), g.constant('c', outliers())]));
        return [product(g, g.op('Add', [a ?? x, b ?? x], { as: 'normal' }))];
      },
    ],
  ];

  it.each(foldable)('folds into %s, and makes 8 bits tell more', async (_, build) => {
    const { report, gain } = await smoothed(build);
    expect(report.smoothed).toContain('normal');
    // Other products of the same models are rounded as before.
    expect(gain).toBeGreaterThan(1);
  });

  const kept: readonly (readonly [string, Build])[] = [
    [
      'read-by-others',
      (g, x) => {
        const normal = normalization(g, x);
        return [product(g, normal), g.op('Relu', [normal])];
      },
    ],
    [
      'read-by-others',
      (g, x) => {
        const normal = normalization(g, x);
        return [product(g, normal), normal];
      },
    ],
    ['producer', (g, x) => [product(g, g.op('Tanh', [x], { as: 'normal' }))]],
    ['producer', (g, x) => [product(g, g.op('Add', [g.op('Tanh', [x]), w(g, [k])], { as: 'normal' }))]],
    [
      'producer',
      (g, x) => {
        // The scale that would take the factors in feeds something else too.
        const scaled = g.op('Mul', [x, g.constant('c', outliers())]);
        return [product(g, g.op('Relu', [scaled], { as: 'normal' })), g.op('Sigmoid', [scaled])];
      },
    ],
    [
      'shared-weight',
      (g, x) => {
        const weight = w(g, [k, k]);
        return [g.op('MatMul', [normalization(g, x), weight]), g.op('Add', [x, g.op('ReduceMean', [weight])])];
      },
    ],
  ];

  it.each(kept)('says %s and leaves the products alone', async (reason, build) => {
    const { report, gain } = await smoothed(build);
    const name = reason === 'read-by-others' && report.skipped.has('y1') ? 'y1' : 'normal';
    expect(report.skipped.get(name)).toBe(reason);
    expect(gain).toBe(0);
  });

  it('leaves alone what no data reached', () => {
    const { model } = caseOf((g, x) => [product(g, normalization(g, x))]);
    const report = smoothProducts(model, { absMaxOf: () => null, alpha: 0.5 });
    expect(report).toEqual({ smoothed: [], skipped: new Map([['normal', 'not-observed']]) });
  });
});

describe('smoothingFactors', () => {
  it('are max|x|^a / max|w|^(1-a), around 1 in the geometric middle', () => {
    const ranges = { inputs: [16, 1, 1], weights: [1, 4, 1] };
    const raw = [4, 0.5, 1].map((factor) => factor / 2 ** (1 / 3));
    for (const [i, factor] of smoothingFactors({ ...ranges, alpha: 0.5 }).entries())
      expect(factor).toBeCloseTo(raw[i] ?? 0, 10);
    const [first = 0, second = 0] = smoothingFactors({ ...ranges, alpha: 1 });
    expect(first / second).toBeCloseTo(16, 10);
  });

  it('make both sides equally large for an alpha of one half', () => {
    const [inputs, weights] = [
      [100, 2, 0.1],
      [0.5, 1, 3],
    ];
    const factors = smoothingFactors({ inputs: inputs ?? [], weights: weights ?? [], alpha: 0.5 });
    const ratios = [...factors].map((s, i) => (inputs?.[i] ?? 0) / s / ((weights?.[i] ?? 0) * s));
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0] ?? 0, 10);
  });

  it('are 1 for channels without input or weights, and bounded', () => {
    expect([...smoothingFactors({ inputs: [0, 1, 1], weights: [1, 0, 1], alpha: 0.5 })]).toEqual([1, 1, 1]);
    const [most = 0, least = 0] = smoothingFactors({ inputs: [1e30, 1e-30], weights: [1, 1], alpha: 1 });
    expect([most, least]).toEqual([1e4, 1e-4]);
    expect([...smoothingFactors({ inputs: [Number.NaN, Infinity], weights: [1, 1], alpha: 0.5 })]).toEqual([1, 1]);
  });
});
