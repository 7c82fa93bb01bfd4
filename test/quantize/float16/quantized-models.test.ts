import { describe, expect, it } from 'vitest';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { runBoth, worstSqnr } from './float16-case.ts';
import { contradictedTypes } from './model-figures.ts';

const bytes = (dims: readonly number[], values: readonly number[]) => ({
  type: 'int8' as const,
  dims,
  data: Int8Array.from(values),
});
const ramp = (dims: readonly number[], count: number) =>
  floats(
    dims,
    Array.from({ length: count }, (_, i) => Math.sin(i) * 3),
  );

/** x -> Q -> DQ -> MatMul with a quantized weight -> Add of a quantized bias -> y. */
function quantized(opset: number) {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [2, 4]);
  const zero = g.constant('zero', bytes([], [0]));
  const scale = g.constant('scale', floats([], [0.03]));
  const input = g.op('DequantizeLinear', [g.op('QuantizeLinear', [x, scale, zero]), scale, zero], { as: 'input' });
  const codes = g.constant('codes', bytes([4, 2], [1, -20, 33, 4, 50, -6, 7, 80]));
  const weight = g.op('DequantizeLinear', [codes, g.constant('w_scale', floats([], [0.01])), zero], { as: 'weight' });
  const sums = g.constant('sums', { type: 'int32', dims: [2], data: Int32Array.of(100_000, -300_000) });
  const bias = g.op('DequantizeLinear', [sums, g.constant('b_scale', floats([], [3e-6]))], { as: 'bias' });
  g.output(g.op('Add', [g.op('MatMul', [input, weight]), bias]), 'y', tensorType('float32', [2, 2]));
  return g.model({ opset });
}

describe('toFloat16 on quantized models', () => {
  it('dequantizes to float16 where the operator set and the scale let it', async () => {
    const run = await runBoth(quantized(21), { x: ramp([2, 4], 8) }, { keepIo: true });
    expect(run.report.keptNodes).toEqual([{ name: 'bias', op: 'DequantizeLinear', reason: 'vanish' }]);
    expect(contradictedTypes(run.model)).toEqual([]);
    expect(worstSqnr(run)).toBeGreaterThan(45);
  });

  it('keeps scales float32 before operator set 19', async () => {
    const run = await runBoth(quantized(17), { x: ramp([2, 4], 8) });
    expect(run.report.keptNodes.map(({ op, reason }) => `${op} ${reason}`)).toEqual([
      'QuantizeLinear no-kernel',
      ...['input', 'weight', 'bias'].map(() => 'DequantizeLinear no-kernel'),
    ]);
    expect(worstSqnr(run)).toBeGreaterThan(45);
  });

  it('keeps integer products and their scales float32 until both are multiplied', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 4]);
    const [codes, scale, zero] = g.ops('DynamicQuantizeLinear', [g.op('Neg', [x])], { outputs: 3 });
    if (codes === undefined || scale === undefined || zero === undefined) throw new Error('three outputs');
    const weight = g.constant('codes', bytes([4, 2], [1, -20, 33, 4, 50, -6, 7, 80]));
    const sums = g.op('Cast', [g.op('MatMulInteger', [codes, weight, zero])], { attributes: { to: 1 } });
    const scales = g.op('Mul', [scale, g.constant('w_scale', floats([], [1e-3]))], { as: 'scales' });
    const product = g.op('Mul', [sums, scales], { as: 'product' });
    g.output(g.op('Add', [product, g.constant('bias', floats([2], [0.5, 1]))]), 'y', tensorType('float32', [2, 2]));
    const run = await runBoth(g.model(), { x: ramp([2, 4], 8) }, { keepIo: true });
    expect(run.report.keptNodes.map(({ op, reason }) => `${op} ${reason}`)).toEqual([
      'DynamicQuantizeLinear no-kernel',
      'Mul vanish',
      'Mul overflow',
    ]);
    expect(worstSqnr(run)).toBeGreaterThan(50);
  });
});
