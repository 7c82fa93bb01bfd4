import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastWeightScales, quantizeBias } from '../../../src/quantize/numeric/quantize-bias.ts';
import { quantizeWeight } from '../../../src/quantize/numeric/quantize-weight.ts';
import { clamp, roundHalfAway, roundHalfToEven } from '../../../src/quantize/numeric/rounding.ts';

describe('quantizeBias', () => {
  it('has the scale of the products, and their channels', () => {
    const bias = Float32Array.of(1, -1, 0.5);
    const each = quantizeBias(bias, 0.5, Float32Array.of(0.25, 0.125, 2));
    expect(each.scales).toEqual(Float32Array.of(0.125, 0.0625, 1));
    // Halves go to the even number: 0.5 / 1 is 0.
    expect([...each.data]).toEqual([8, -16, 0]);
    const one = quantizeBias(bias, 0.5, Float32Array.of(0.25));
    expect(one.scales).toEqual(Float32Array.of(0.125, 0.125, 0.125));
    expect([...one.data]).toEqual([8, -8, 4]);
  });

  it('saturates without a guard', () => {
    const { data } = quantizeBias(Float32Array.of(1e6, -1e6), 1e-3, Float32Array.of(1e-9, 1e-9));
    expect([...data]).toEqual([2 ** 31 - 1, -(2 ** 31)]);
  });

  it('represents a huge bias of tiny weights within 1e-6, with as much room again for the products', () => {
    const channel = fc.tuple(fc.integer({ min: -12, max: 6 }), fc.integer({ min: -30, max: 2 }), fc.boolean());
    fc.assert(
      fc.property(
        fc.array(channel, { minLength: 1, maxLength: 6 }),
        fc.integer({ min: -12, max: 3 }),
        fc.boolean(),
        (channels, exponent, perChannel) => {
          const inputScale = Math.fround(1.3 * 2 ** exponent);
          const bias = Float32Array.from(channels, ([size, , negative]) => (negative ? -1 : 1) * 1.7 * 2 ** size);
          const data = Float32Array.from(channels, ([, size]) => 1.1 * 2 ** size);
          const leastScales = leastWeightScales(bias, inputScale, perChannel ? channels.length : 1);
          const axis = perChannel ? 0 : null;
          const rule = { type: 'int8', axis, reduced: false, leastScales } as const;
          const { scales } = quantizeWeight({ dims: [channels.length], data }, rule);
          const quantized = quantizeBias(bias, inputScale, scales);
          for (const [c, value] of bias.entries()) {
            const [integer = 0, scale = 0] = [quantized.data[c], quantized.scales[c]];
            expect(Math.abs(integer)).toBeLessThanOrEqual(2 ** 30 + 128);
            const error = Math.abs(integer * scale - value);
            expect(error).toBeLessThanOrEqual(Math.max(1e-6 * Math.abs(value), scale / 2));
          }
        },
      ),
    );
  });

  it('asks for the least scales only where a bias needs them', () => {
    const least = leastWeightScales(Float32Array.of(2 ** 30, 0), 1, 2);
    expect(least[0]).toBeCloseTo(1, 6);
    expect(least[1]).toBe(0);
    expect(leastWeightScales(Float32Array.of(1, -(2 ** 31)), 1, 1)[0]).toBeCloseTo(2, 6);
  });
});

describe('rounding', () => {
  it('rounds halves to even, or away from zero', () => {
    expect([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4999].map(roundHalfToEven)).toEqual([-2, -2, 0, 0, 2, 2, 2]);
    expect([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 2.4999].map(roundHalfAway)).toEqual([-3, -2, -1, 1, 2, 3, 2]);
    expect(roundHalfToEven(2 ** 31 - 0.5)).toBe(2 ** 31);
    expect(roundHalfToEven(Infinity)).toBe(Infinity);
    expect([clamp(-3, -1, 1), clamp(0.5, -1, 1), clamp(3, -1, 1)]).toEqual([-1, 0.5, 1]);
  });

  it('is what Math.round makes of everything but halves', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e9, max: 1e9, noNaN: true }), (x) => {
        if (Math.abs(x % 1) === 0.5) return;
        expect(roundHalfToEven(x)).toBeCloseTo(Math.round(x), 12);
        expect(roundHalfAway(x)).toBeCloseTo(Math.round(x), 12);
      }),
    );
  });
});
