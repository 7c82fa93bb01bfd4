import { assert, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTable } from '../../../src/onnx/tensor-types/decode-floats.ts';
import { elementsOfNumbers } from '../../../src/onnx/tensor-types/tensor-of-numbers.ts';

const encodeFloat16 = (value: number): number => Number(elementsOfNumbers('float16', [value])[0]);
const decodeFloat16 = (bits: number): number => decodeTable('float16')[bits] ?? Infinity;

const isNumber = (bits: number): boolean => !Number.isNaN(decodeFloat16(bits));

describe('float16', () => {
  // IEEE 754-2008 binary16, the examples of Wikipedia's "Half-precision floating-point format".
  it.each([
    [0x0000, 0],
    [0x0001, 5.9604645e-8],
    [0x03ff, 0.000060975552],
    [0x0400, 0.000061035156],
    [0x3555, 0.33325195],
    [0x3bff, 0.99951172],
    [0x3c00, 1],
    [0x3c01, 1.0009766],
    [0x7bff, 65504],
    [0x7c00, Infinity],
    [0xc000, -2],
    [0xfc00, -Infinity],
  ])('0x%s is %d', (bits, value) => {
    expect(encodeFloat16(value)).toBe(bits);
    // The published figures have eight digits.
    expect(Number(decodeFloat16(bits).toPrecision(8))).toBe(value);
  });

  it('survives a round trip for each of the 65536 patterns', () => {
    const patterns = Array.from({ length: 0x1_00_00 }, (_, bits) => bits);
    const changed = patterns.filter((bits) => encodeFloat16(decodeFloat16(bits)) !== bits);
    expect(changed.filter(isNumber)).toEqual([]);
    // One sign, all exponent bits, and any fraction but zero.
    expect(patterns.filter((bits) => !isNumber(bits))).toHaveLength(2 * 1023);
    expect(encodeFloat16(NaN)).toBe(0x7e00);
  });

  it('keeps the sign of zero', () => {
    expect(encodeFloat16(-0)).toBe(0x8000);
    expect(decodeFloat16(0x8000)).toBe(-0);
  });

  it('rounds halves to even and all else to the nearest', () => {
    expect(encodeFloat16(1 + 2 ** -11)).toBe(0x3c00);
    expect(encodeFloat16(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(encodeFloat16(65519.99)).toBe(0x7bff);
    expect(encodeFloat16(65520)).toBe(0x7c00);
    expect(encodeFloat16(2 ** -25)).toBe(0);
    assert(
      property(double({ min: -65504, max: 65504, noNaN: true }), (value) => {
        const bits = encodeFloat16(value);
        const error = Math.abs(decodeFloat16(bits) - value);
        const magnitude = bits & 0x7fff;
        for (const other of [magnitude - 1, magnitude + 1].filter((next) => next >= 0 && next < 0x7c00)) {
          const neighbor = decodeFloat16((bits & 0x8000) | other);
          expect(error).toBeLessThanOrEqual(Math.abs(neighbor - value));
        }
      }),
      { seed: 2, numRuns: 500 },
    );
  });
});
