import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dequantizeWeight, quantizeWeight } from '../../../src/quantize/numeric/quantize-weight.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';
import { computed, loadKernel } from './kernels.ts';

function weightOf(dims: readonly number[], seed: number) {
  const random = createRandom(seed, 'weight');
  const count = dims.reduce((product, dim) => product * dim, 1);
  return { dims, data: Float32Array.from({ length: count }, () => random.normal() * 2 ** random.integer(6)) };
}

const weights = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }), fc.nat(1000), fc.nat(3))
  .map(([dims, seed, at]) => ({ weight: weightOf(dims, seed), axis: at % dims.length }));

describe('quantizeWeight', () => {
  it('takes max |w| / 127 for each index of an axis, or / 64 in 7 bits', () => {
    const weight = { dims: [2, 3], data: Float32Array.of(1, -2, 0.5, 0.25, 8, -4) };
    const columns = quantizeWeight(weight, { type: 'int8', axis: 1, reduced: false });
    expect(columns.scales).toEqual(Float32Array.of(1 / 127, 8 / 127, 4 / 127));
    expect([...columns.data]).toEqual([127, -32, 16, 32, 127, -127]);
    const rows = quantizeWeight(weight, { type: 'int8', axis: 0, reduced: true });
    expect(rows.scales).toEqual(Float32Array.of(2 / 64, 8 / 64));
    expect([...rows.data]).toEqual([32, -64, 16, 2, 64, -32]);
    const whole = quantizeWeight(weight, { type: 'int16', axis: null, reduced: false });
    expect(whole.scales).toEqual(Float32Array.of(8 / 32767));
  });

  it('is half a step off at most, and idempotent', () => {
    fc.assert(
      fc.property(weights, fc.constantFrom('int8', 'int16'), fc.boolean(), ({ weight, axis }, type, reduced) => {
        const once = quantizeWeight(weight, { type, axis, reduced });
        const real = dequantizeWeight(once);
        const inner = weight.dims.slice(axis + 1).reduce((product, dim) => product * dim, 1);
        for (const [i, x] of weight.data.entries()) {
          const scale = once.scales[Math.floor(i / inner) % once.scales.length] ?? 0;
          // Quotient and product are float32: of 16 bits that is felt.
          expect(Math.abs((real[i] ?? 0) - x)).toBeLessThanOrEqual(scale * 0.5 + Math.abs(x) * 2 ** -22);
        }
        const twice = quantizeWeight({ dims: weight.dims, data: real }, { type, axis, reduced });
        expect(twice.data).toEqual(once.data);
      }),
    );
  });

  it('gives a channel of zeros the scale that its bias needs', () => {
    const weight = { dims: [2, 2], data: Float32Array.of(0, 0, 1, 1) };
    const rule = { type: 'int8', axis: 0, reduced: false } as const;
    expect(quantizeWeight(weight, rule).scales[0]).toBe(1);
    const leastScales = Float32Array.of(1e-6, 1e-6);
    const quantized = quantizeWeight(weight, { ...rule, leastScales });
    expect(quantized.scales).toEqual(Float32Array.of(1e-6, 1 / 127));
    expect([...quantized.data]).toEqual([0, 0, 127, 127]);
  });

  it.each(['int8', 'int16'] as const)('DequantizeLinear of %s along an axis makes dequantizeWeight', async (type) => {
    const runner = inProcessRunner();
    await fc.assert(
      fc.asyncProperty(weights, fc.boolean(), async ({ weight, axis }, reduced) => {
        const quantized = quantizeWeight(weight, { type, axis, reduced });
        const { dims, data, scales } = quantized;
        const kernel = await loadKernel(runner, {
          op: 'DequantizeLinear',
          inputs: [type, 'float32', type],
          outputs: ['float32'],
          ranks: [dims.length, 1, 1],
          attributes: { axis },
        });
        const shape = [scales.length];
        const zeros = type === 'int8' ? new Int8Array(scales.length) : new Int16Array(scales.length);
        const [made] = await computed(
          kernel,
          { type, dims, data },
          { type: 'float32', dims: shape, data: scales },
          { type, dims: shape, data: zeros },
        );
        await kernel.release();
        expect(made?.data).toEqual(dequantizeWeight(quantized));
      }),
      { numRuns: 60 },
    );
  });

  it.each(['int8', 'int16'] as const)('QuantizeLinear to %s by its scales makes its integers', async (type) => {
    const runner = inProcessRunner();
    await fc.assert(
      fc.asyncProperty(weights, async ({ weight, axis }) => {
        const { dims, data, scales } = quantizeWeight(weight, { type, axis, reduced: false });
        const kernel = await loadKernel(runner, {
          op: 'QuantizeLinear',
          inputs: ['float32', 'float32', type],
          outputs: [type],
          ranks: [dims.length, 1, 1],
          attributes: { axis },
        });
        const zeros = type === 'int8' ? new Int8Array(scales.length) : new Int16Array(scales.length);
        const [made] = await computed(
          kernel,
          { type: 'float32', dims, data: weight.data },
          { type: 'float32', dims: [scales.length], data: scales },
          { type, dims: [scales.length], data: zeros },
        );
        await kernel.release();
        expect(made?.data).toEqual(data);
      }),
      { numRuns: 60 },
    );
  });
});
