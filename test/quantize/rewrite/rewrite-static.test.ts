import { describe, expect, it } from 'vitest';
import { copyModel } from '../../../src/compute/copy-model.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { quantizeBias } from '../../../src/quantize/numeric/quantize-bias.ts';
import { dequantizeWeight, quantizeWeight } from '../../../src/quantize/numeric/quantize-weight.ts';
import type { QuantizationParameters } from '../../../src/quantize/numeric/scale-and-zero-point.ts';
import { dequantizeNumber, quantizeNumber } from '../../../src/quantize/numeric/scale-and-zero-point.ts';
import { nodeKey } from '../../../src/quantize/rewrite/node-key.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { rewriteStatic } from '../../../src/quantize/rewrite/rewrite-static.ts';
import { quantumOf, randomNetwork } from './random-network.ts';
import { difference, noise, numbers, optimizedOps, run, sqnr, tensorOf } from './run-models.ts';
import type { PlanOptions } from './static-case.ts';
import { planFor } from './static-case.ts';

const settings: readonly PlanOptions[] = [
  {},
  { perChannel: false },
  { type: 'int8' },
  { type: 'int8', symmetric: true, perChannel: false },
  { type: 'uint16' },
  { type: 'int16', symmetric: true },
];

async function rewritten(seed: number, options: PlanOptions) {
  const { model, feeds } = randomNetwork(seed);
  const expected = await run(model, feeds);
  const quantized = copyModel(model);
  const layers = new Map([...model.graph.nodes()].map((node) => [nodeKey(node), node.op]));
  const report = rewriteStatic(quantized, await planFor(model, feeds, options));
  checkGraph(quantized);
  expect(quantized.graph.outputs.map(({ name, declaredType }) => ({ name, declaredType }))).toEqual(
    model.graph.outputs.map(({ name, declaredType }) => ({ name, declaredType })),
  );
  return { feeds, expected, quantized, ops: [...report.quantized].map((key) => layers.get(key) ?? '') };
}

/** Some of the nodes, some chained, and some values that nothing is known of: a mix of float and integers. */
function someOf(seed: number): PlanOptions {
  const random = createRandom(seed, 'plan');
  const { model } = randomNetwork(seed);
  const keys = [...model.graph.nodes()].map(nodeKey);
  const planned = new Set(keys.filter(() => random.integer(4) > 0));
  return {
    nodes: (node) => planned.has(nodeKey(node)),
    chained: keys.filter(() => random.integer(2) === 0),
    unknown: [...keys, 'x'].filter(() => random.integer(6) === 0),
  };
}

describe('rewriteStatic of random networks', () => {
  it.each(settings)('computes nearly the same, and with integer kernels what it says, %o', async (options) => {
    for (let seed = 0; seed < 8; seed++) {
      const { feeds, expected, quantized } = await rewritten(seed, options);
      const emulated = await run(quantized, feeds);
      expect(sqnr(expected, emulated)).toBeGreaterThan(options.type?.endsWith('16') === true ? 24 : 16);
      for (const level of ['extended', 'all'] as const) {
        const fused = await run(quantized, feeds, level);
        for (const [name, tensor] of Object.entries(emulated)) {
          // Roundings that turn out otherwise in one layer are carried on by the next ones.
          const apart = difference({ [name]: tensor }, { [name]: tensorOf(fused, name) }) / quantumOf(tensor);
          expect(apart).toBeLessThan(6);
        }
        expect(sqnr(emulated, fused)).toBeGreaterThan(26);
      }
    }
  });

  it('mixes float and integers as a plan says', async () => {
    for (let seed = 100; seed < 130; seed++) {
      const { feeds, expected, quantized } = await rewritten(seed, someOf(seed));
      const emulated = await run(quantized, feeds);
      expect(sqnr(expected, emulated)).toBeGreaterThan(16);
      expect(sqnr(emulated, await run(quantized, feeds, 'all'))).toBeGreaterThan(26);
    }
  });

  it('makes onnxruntime fuse every layer that it says is quantized', async () => {
    for (let seed = 100; seed < 115; seed++) {
      const { quantized, ops } = await rewritten(seed, someOf(seed));
      const fused = await optimizedOps(quantized);
      const count = (list: readonly string[], ...wanted: readonly string[]) =>
        list.filter((op) => wanted.includes(op)).length;
      expect(count(fused, 'QLinearConv')).toBe(count(ops, 'Conv'));
      const products = count(fused, 'QGemm', 'MatMulIntegerToFloat', 'QLinearMatMul');
      expect(products).toBe(count(ops, 'Gemm', 'MatMul'));
    }
  });

  it('computes what the formulas say: integers of the input, the weight, the bias and the output', async () => {
    const dims = [3, 4, 3, 3];
    const [weight, bias] = [Float32Array.from(numbers(noise(dims, 1, 0.2))), Float32Array.from(numbers(noise([3], 2)))];
    const build = (w: Float32Array, b: Float32Array) => {
      const g = new GraphBuilder();
      const read = [g.constant('w', { type: 'float32', dims, data: w }), g.constant('b', floats([3], [...b]))];
      const x = g.input('x', 'float32', [1, 4, 6, 6]);
      g.output(g.op('Conv', [x, ...read]), 'y', tensorType('float32'));
      return g.model();
    };
    const feeds = { x: noise([1, 4, 6, 6], 3) };
    const model = build(weight, bias);
    const plan = await planFor(model, feeds);
    const [input, output] = [plan.parametersOf('x'), plan.parametersOf('y')];
    if (input === null || output === null) throw new RangeError('both are known');
    const rounded = (values: readonly number[], parameters: QuantizationParameters) =>
      Float32Array.from(values, (x) => dequantizeNumber(quantizeNumber(x, parameters), parameters));
    const integers = quantizeWeight({ dims, data: weight }, { type: 'int8', axis: 0, reduced: true });
    const { data, scales } = quantizeBias(bias, input.scale, integers.scales);
    const formula = build(
      dequantizeWeight(integers),
      Float32Array.from(data, (q, c) => q * (scales[c] ?? 0)),
    );
    const { y } = await run(formula, { x: { ...feeds.x, data: rounded(numbers(feeds.x), input) } });
    rewriteStatic(model, plan);
    const expected = { y: { ...feeds.x, data: rounded(y ? numbers(y) : [], output) } };
    expect(difference(expected, await run(model, feeds))).toBe(0);
    // Sums of integers are exact, those of floats are not: now and then one is rounded the other way.
    expect(difference(expected, await run(model, feeds, 'all'))).toBeLessThan(1.001 * output.scale);
  });
});
