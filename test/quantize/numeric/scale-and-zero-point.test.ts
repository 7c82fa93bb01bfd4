import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IntegerType } from '../../../src/quantize/numeric/integer-range.ts';
import { fullRange, integerRange } from '../../../src/quantize/numeric/integer-range.ts';
import {
  dequantizeNumber,
  integersOf,
  leastScale,
  quantizeNumber,
  scaleAndZeroPoint,
} from '../../../src/quantize/numeric/scale-and-zero-point.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';
import { computed, loadKernel } from './kernels.ts';

const types: readonly IntegerType[] = ['uint8', 'int8', 'uint16', 'int16'];
const asymmetric = { symmetric: false, reduced: false };
const symmetric = { symmetric: true, reduced: false };

/** float32 numbers of every size that models have. */
const real = fc
  .tuple(fc.float({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -12, max: 12 }))
  .map(([mantissa, exponent]) => Math.fround(mantissa * 2 ** exponent));

describe('scaleAndZeroPoint', () => {
  it('computes what compute_scale_zp of onnxruntime computes', () => {
    const of = (min: number, max: number, type: IntegerType) =>
      scaleAndZeroPoint({ min, max }, { type, ...asymmetric });
    expect(of(-1, 1, 'uint8')).toEqual({ type: 'uint8', scale: Math.fround(2 / 255), zeroPoint: 128 });
    expect(of(0, 6, 'uint8')).toEqual({ type: 'uint8', scale: Math.fround(6 / 255), zeroPoint: 0 });
    expect(of(-6, 0, 'uint8')).toEqual({ type: 'uint8', scale: Math.fround(6 / 255), zeroPoint: 255 });
    expect(of(-1, 3, 'int8')).toEqual({ type: 'int8', scale: Math.fround(4 / 255), zeroPoint: -64 });
    expect(of(-1, 1, 'uint16')).toEqual({ type: 'uint16', scale: Math.fround(2 / 65535), zeroPoint: 32768 });
    expect(of(0, 1, 'int16')).toEqual({ type: 'int16', scale: Math.fround(1 / 65535), zeroPoint: -32768 });
  });

  it('has zero in every range', () => {
    expect(scaleAndZeroPoint({ min: 2, max: 4 }, { type: 'uint8', ...asymmetric })).toEqual({
      type: 'uint8',
      scale: Math.fround(4 / 255),
      zeroPoint: 0,
    });
    expect(scaleAndZeroPoint({ min: -4, max: -2 }, { type: 'uint8', ...asymmetric }).zeroPoint).toBe(255);
  });

  it('makes symmetric scales of the larger side, int8 of a / 127, 7 bits of a / 64', () => {
    const of = (type: IntegerType, reduced: boolean) =>
      scaleAndZeroPoint({ min: -3, max: 1 }, { type, symmetric: true, reduced });
    expect(of('int8', false)).toEqual({ type: 'int8', scale: Math.fround(3 / 127), zeroPoint: 0 });
    expect(of('int8', true)).toEqual({ type: 'int8', scale: Math.fround(3 / 64), zeroPoint: 0 });
    expect(of('int16', false)).toEqual({ type: 'int16', scale: Math.fround(3 / 32767), zeroPoint: 0 });
    expect(of('uint8', false)).toEqual({ type: 'uint8', scale: Math.fround(6 / 255), zeroPoint: 128 });
    expect(of('uint16', false)).toEqual({ type: 'uint16', scale: Math.fround(6 / 65535), zeroPoint: 32768 });
  });

  it('takes a scale of 1 for ranges that float32 has no scale for', () => {
    for (const max of [0, 1e-44, 1e-37, Number.NaN])
      for (const type of types) expect(scaleAndZeroPoint({ min: 0, max }, { type, ...asymmetric }).scale).toBe(1);
    expect(scaleAndZeroPoint({ min: 0, max: 0 }, { type: 'uint8', ...asymmetric }).zeroPoint).toBe(0);
    expect(scaleAndZeroPoint({ min: 0, max: 0 }, { type: 'uint8', ...symmetric }).zeroPoint).toBe(128);
    const tiny = scaleAndZeroPoint({ min: 0, max: 3e-36 }, { type: 'uint8', ...asymmetric });
    expect(tiny.scale).toBe(Math.fround(Math.fround(3e-36) / 255));
  });

  it('has a scale for all of float32, as masks need it', () => {
    const largest = 3.4028234663852886e38;
    const { scale, zeroPoint } = scaleAndZeroPoint({ min: -largest, max: largest }, { type: 'uint8', ...asymmetric });
    expect(scale).toBe(Math.fround((2 * largest) / 255));
    expect(zeroPoint).toBe(128);
  });

  it('keeps scale and zero point where the type can hold them, and the range within half a step', () => {
    fc.assert(
      fc.property(real, real, fc.constantFrom(...types), fc.boolean(), fc.boolean(), (a, b, type, even, reduced) => {
        const [min, max] = [Math.min(a, b), Math.max(a, b)];
        const parameters = scaleAndZeroPoint({ min, max }, { type, symmetric: even, reduced });
        const { low, high } = integerRange(type, { symmetric: even, reduced });
        expect(parameters.scale).toBe(Math.fround(parameters.scale));
        expect(Number.isInteger(parameters.zeroPoint)).toBe(true);
        expect(parameters.zeroPoint).toBeGreaterThanOrEqual(low);
        expect(parameters.zeroPoint).toBeLessThanOrEqual(high);
        expect(dequantizeNumber(quantizeNumber(0, parameters), parameters)).toBe(0);
        for (const x of [min, max])
          expect(Math.abs(dequantizeNumber(quantizeNumber(x, parameters), parameters) - x)).toBeLessThanOrEqual(
            parameters.scale * (0.5 + 2 ** -7),
          );
      }),
    );
  });
});

describe('against the kernels of onnxruntime', () => {
  const runner = inProcessRunner();

  it.each(types)('QuantizeLinear to %s makes the integers of quantizeNumber', async (type) => {
    const kernel = await loadKernel(runner, {
      op: 'QuantizeLinear',
      inputs: ['float32', 'float32', type],
      outputs: [type],
      ranks: [1, 0, 0],
    });
    const numbers = fc.array(real, { minLength: 1, maxLength: 70 });
    await fc.assert(
      fc.asyncProperty(numbers, real, real, fc.boolean(), async (xs, a, b, even) => {
        const range = { min: Math.min(a, b), max: Math.max(a, b) };
        const parameters = scaleAndZeroPoint(range, { type, symmetric: even, reduced: false });
        const { scale, zeroPoint } = parameters;
        // Beside random numbers those in the middle between two integers, and those at the ends.
        const { low, high } = fullRange(type);
        const middles = xs.map((_, i) => Math.fround((i - 3.5) * scale));
        const data = Float32Array.from([...xs, ...middles, (low - zeroPoint) * scale, (high - zeroPoint) * scale]);
        const [made] = await computed(
          kernel,
          { type: 'float32', dims: [data.length], data },
          { type: 'float32', dims: [], data: Float32Array.of(scale) },
          { type, dims: [], data: integersOf(type, 1).fill(zeroPoint) },
        );
        expect([...(made?.data ?? [])]).toEqual([...data].map((x) => quantizeNumber(x, parameters)));
      }),
    );
  });

  it.each(types)('DequantizeLinear of %s makes the numbers of dequantizeNumber', async (type) => {
    const kernel = await loadKernel(runner, {
      op: 'DequantizeLinear',
      inputs: [type, 'float32', type],
      outputs: ['float32'],
      ranks: [1, 0, 0],
    });
    const { low, high } = fullRange(type);
    const integers = fc.array(fc.integer({ min: low, max: high }), { minLength: 1, maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(integers, real, real, async (list, a, b) => {
        const parameters = scaleAndZeroPoint({ min: Math.min(a, b), max: Math.max(a, b) }, { type, ...asymmetric });
        const data = integersOf(type, list.length);
        data.set(list);
        const [made] = await computed(
          kernel,
          { type, dims: [list.length], data },
          { type: 'float32', dims: [], data: Float32Array.of(parameters.scale) },
          { type, dims: [], data: integersOf(type, 1).fill(parameters.zeroPoint) },
        );
        expect(made?.data).toEqual(Float32Array.from(list, (q) => dequantizeNumber(q, parameters)));
      }),
    );
  });

  it('DynamicQuantizeLinear chooses our scale, and our zero point but where its float32 quotient is half an integer', async () => {
    const kernel = await loadKernel(runner, {
      op: 'DynamicQuantizeLinear',
      inputs: ['float32'],
      outputs: ['uint8', 'float32', 'uint8'],
    });
    let [differing, furthest] = [0, 0];
    // For ranges below this the kernel's scale is subnormal or 0, where ours is 1.
    const least = 256 * leastScale;
    await fc.assert(
      fc.asyncProperty(fc.array(real, { minLength: 1, maxLength: 40 }), async (list) => {
        const data = Float32Array.from(list);
        fc.pre(list.some((x) => Math.abs(x) >= least));
        const [integers, scale, zero] = await computed(kernel, { type: 'float32', dims: [list.length], data });
        const range = { min: Math.min(...data), max: Math.max(...data) };
        const ours = scaleAndZeroPoint(range, { type: 'uint8', ...asymmetric });
        expect(scale?.data[0]).toBe(ours.scale);
        const zeroPoint = Number(zero?.data[0]);
        if (zeroPoint !== ours.zeroPoint) {
          differing++;
          const exact = (-Math.min(range.min, 0) / (Math.max(range.max, 0) - Math.min(range.min, 0))) * 255;
          furthest = Math.max(furthest, Math.abs((exact % 1) - 0.5));
        }
        const expected = [...data].map((x) => quantizeNumber(x, { ...ours, zeroPoint }));
        expect([...(integers?.data ?? [])]).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
    expect(differing).toBeLessThan(10);
    expect(furthest).toBeLessThan(1e-4);
  });
});
