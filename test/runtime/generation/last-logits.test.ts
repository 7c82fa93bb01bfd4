import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastLogits, likeliestTokens } from '../../../src/runtime/generation/last-logits.ts';

function single(dims: readonly number[], values: readonly number[]) {
  return { type: 'float32', dims, data: Float32Array.from(values) };
}

/** Bits of float16 by powers of two, for numbers that it holds exactly. */
function halfBits(value: number): number {
  if (value === 0) return Object.is(value, -0) ? 0x8000 : 0;
  const sign = value < 0 ? 0x8000 : 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  if (exponent < -14) return sign | Math.round(Math.abs(value) / 2 ** -24);
  return sign | ((exponent + 15) << 10) | Math.round((Math.abs(value) / 2 ** exponent - 1) * 1024);
}

describe('likeliestTokens', () => {
  it('looks at the last token of each sequence, or at the place that is asked for', () => {
    const logits = single([2, 3, 2], [1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1]);
    expect(likeliestTokens(logits, null)).toEqual([0, 1]);
    expect(likeliestTokens(logits, 1)).toEqual([1, 0]);
  });

  it('takes logits of the last token alone as they are, of any place', () => {
    expect(likeliestTokens(single([2, 3], [0, 5, 1, 9, 5, 1]), null)).toEqual([1, 0]);
    expect(likeliestTokens(single([1, 1, 3], [0, 5, 1]), 7)).toEqual([1]);
  });

  it('takes the first of equals, passes over NaN, and knows when all is ruled out', () => {
    expect(likeliestTokens(single([1, 4], [1, 3, 3, 2]), null)).toEqual([1]);
    expect(likeliestTokens(single([1, 3], [Number.NaN, -5, Number.NaN]), null)).toEqual([1]);
    expect(likeliestTokens(single([1, 2], [-Infinity, -Infinity]), null)).toEqual([0]);
    expect(() => likeliestTokens(single([1, 2], [Number.NaN, Number.NaN]), null)).toThrow(/no value of the logits/);
  });

  it('orders half precision as its values are ordered', () => {
    const value = fc.integer({ min: -2048, max: 2048 }).map((n) => n / 64);
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 20 }), (values) => {
        const half = { type: 'float16', dims: [1, values.length], data: Uint16Array.from(values, halfBits) };
        const numbers = single([1, values.length], values);
        expect(values[likeliestTokens(half, null)[0] ?? -1]).toBe(Math.max(...values));
        expect([...(lastLogits(half, null)[0] ?? [])]).toEqual(
          [...(lastLogits(numbers, null)[0] ?? [])].map((v) => v + 0),
        );
      }),
    );
  });

  it('reads infinities, NaN and the smallest halves', () => {
    const bits = Uint16Array.of(0x7c00, 0xfc00, 0x7e00, 0x0001, 0x3c00);
    const [row] = lastLogits({ type: 'float16', dims: [1, 5], data: bits }, null);
    expect([...(row ?? [])]).toEqual([Infinity, -Infinity, Number.NaN, 2 ** -24, 1]);
    expect(likeliestTokens({ type: 'float16', dims: [1, 2], data: Uint16Array.of(0x7e00, 0xfc00) }, null)).toEqual([1]);
  });

  it('refuses logits that are whole numbers of 64 bits', () => {
    expect(() => likeliestTokens({ type: 'int64', dims: [1, 1], data: BigInt64Array.of(1n) }, null)).toThrow('int64');
  });
});
