import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareOutputs } from '../../src/compute/compare-outputs.ts';
import type { DenseTensor } from '../../src/onnx/dense-tensor.ts';
import { tensorOfNumbers } from '../../src/onnx/tensor-types/tensor-of-numbers.ts';

const doubles = (...values: readonly number[]): DenseTensor => ({
  type: 'float64',
  dims: [values.length],
  data: Float64Array.from(values),
});
const halves = (...values: readonly number[]): DenseTensor => tensorOfNumbers('float16', [values.length], values);
const longs = (...values: readonly bigint[]): DenseTensor => ({
  type: 'int64',
  dims: [values.length],
  data: BigInt64Array.from(values),
});
const bytes = (...values: readonly number[]): DenseTensor => ({
  type: 'uint8',
  dims: [values.length],
  data: Uint8Array.from(values),
});
const strings = (...values: readonly string[]): DenseTensor => ({
  type: 'string',
  dims: [values.length],
  data: values,
});

const compare = (found: DenseTensor, expected: DenseTensor) => compareOutputs({ y: found }, { y: expected });
const unlike = { matches: false, maxAbs: Infinity, maxRel: Infinity, worstOutput: 'y' };

describe('compareOutputs', () => {
  it('allows 1e-3 and a hundredth of the reference', () => {
    // Powers of two make the edge exact: 2^-10 + 2^-7·|b|.
    const tolerance = { absolute: 2 ** -10, relative: 2 ** -7 };
    for (const b of [0, 1, -1, 64, -1024]) {
      const edge = tolerance.absolute + tolerance.relative * Math.abs(b);
      for (const sign of [1, -1]) {
        const at = (distance: number) =>
          compareOutputs({ y: doubles(b + sign * distance) }, { y: doubles(b) }, tolerance).matches;
        expect(at(edge)).toBe(true);
        expect(at(edge + 2 ** -30)).toBe(false);
      }
    }
    expect(compare(doubles(100, 1.0109), doubles(101, 1)).matches).toBe(true);
    expect(compare(doubles(100, 1.0111), doubles(101, 1)).matches).toBe(false);
  });

  it('matches itself, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 20 }), (values) => {
        const same = compare(doubles(...values), doubles(...values));
        expect(same).toEqual({ matches: true, maxAbs: 0, maxRel: 0, worstOutput: null });
      }),
    );
  });

  it('agrees with the rule worked out element by element', () => {
    const value = fc.double({ min: -10, max: 10, noNaN: true });
    const pair = fc.record({ b: value, off: fc.double({ min: -0.05, max: 0.05, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 8 }), (pairs) => {
        const found = pairs.map(({ b, off }) => b + off);
        const result = compare(doubles(...found), doubles(...pairs.map(({ b }) => b)));
        const apart = pairs.map(({ b }, at) => Math.abs((found[at] ?? 0) - b));
        expect(result.maxAbs).toBe(Math.max(...apart));
        expect(result.matches).toBe(
          apart.every((difference, at) => difference <= 1e-3 + 1e-2 * Math.abs(pairs[at]?.b ?? 0)),
        );
        expect(result.worstOutput).toBe(result.matches ? null : 'y');
      }),
    );
  });

  it('takes the relative difference no smaller than from the absolute tolerance', () => {
    expect(compare(doubles(0.5), doubles(0))).toMatchObject({ maxAbs: 0.5, maxRel: 500 });
    expect(compare(doubles(3), doubles(2))).toMatchObject({ maxAbs: 1, maxRel: 0.5 });
  });

  it('wants NaN where the reference has NaN', () => {
    expect(compare(doubles(Number.NaN, 1), doubles(Number.NaN, 1)).matches).toBe(true);
    expect(compare(doubles(1), doubles(Number.NaN))).toEqual(unlike);
    expect(compare(doubles(Number.NaN), doubles(1))).toEqual(unlike);
    expect(compare(doubles(Number.NaN), doubles(Infinity))).toEqual(unlike);
  });

  it('wants the same infinity', () => {
    expect(compare(doubles(Infinity, -Infinity), doubles(Infinity, -Infinity)).matches).toBe(true);
    for (const other of [1, -Infinity, Number.NaN, Number.MAX_VALUE]) {
      expect(compare(doubles(other), doubles(Infinity))).toEqual(unlike);
      expect(compare(doubles(Infinity), doubles(other))).toEqual(unlike);
    }
  });

  it('takes 0 and -0 for the same', () => {
    expect(compare(doubles(0), doubles(-0))).toMatchObject({ matches: true, maxAbs: 0 });
  });

  it('allows float16 ten times as much', () => {
    // At 1 the limit is 0.01 + 0.1; halves near 1.11 are 2^-10 apart.
    expect(compare(halves(1 + 112 / 1024), halves(1)).matches).toBe(true);
    expect(compare(halves(1 + 113 / 1024), halves(1)).matches).toBe(false);
    expect(compare(halves(1.5), halves(1)).maxAbs).toBe(0.5);
    expect(compare(halves(Infinity), halves(Infinity)).matches).toBe(true);
    expect(compare(halves(Infinity), halves(60_000))).toEqual(unlike);
  });

  it('wants integers exact, even those that no double holds', () => {
    expect(compare(bytes(1, 200), bytes(1, 200)).matches).toBe(true);
    expect(compare(bytes(1, 201), bytes(1, 200))).toEqual({
      matches: false,
      maxAbs: 1,
      maxRel: 1 / 200,
      worstOutput: 'y',
    });
    const large = 2n ** 60n;
    expect(compare(longs(large), longs(large)).matches).toBe(true);
    expect(compare(longs(large + 1n), longs(large))).toMatchObject({ matches: false, maxAbs: 1 });
  });

  it('wants strings equal', () => {
    expect(compare(strings('a', 'b'), strings('a', 'b')).matches).toBe(true);
    expect(compare(strings('a', 'c'), strings('a', 'b'))).toEqual(unlike);
    expect(compare(strings('1'), strings('1.0'))).toEqual(unlike);
  });

  it.each([
    ['shape', { ...doubles(1, 2), dims: [2, 1] }],
    ['type', bytes(1, 2)],
    ['number of elements', { ...doubles(1, 2, 3), dims: [2] }],
  ])('matches no other %s', (_, found) => {
    expect(compare(found, doubles(1, 2))).toEqual(unlike);
  });

  it('reads every type as the numbers it stands for', () => {
    const tensor = (type: 'bfloat16' | 'int4' | 'complex64', ...values: readonly number[]): DenseTensor =>
      tensorOfNumbers(type, type === 'complex64' ? [values.length / 2] : [values.length], values);
    expect(compare(tensor('bfloat16', 100), tensor('bfloat16', 105))).toMatchObject({ matches: true, maxAbs: 5 });
    expect(compare(tensor('int4', -8), tensor('int4', -7))).toMatchObject({ matches: false, maxAbs: 1 });
    expect(compare(tensor('complex64', 1, 2), tensor('complex64', 1, 3))).toMatchObject({ matches: false, maxAbs: 1 });
    // Bits after the last element mean nothing.
    const padded: DenseTensor = { type: 'int4', dims: [1], data: Uint8Array.of(0xf8) };
    expect(compare(padded, tensor('int4', -8)).matches).toBe(true);
  });

  it('misses an output that is not there, and ignores one that nobody expects', () => {
    const outputs = { y: doubles(1), more: doubles(2) };
    expect(compareOutputs(outputs, { y: doubles(1) }).matches).toBe(true);
    expect(compareOutputs({ y: doubles(1) }, outputs)).toEqual({ ...unlike, worstOutput: 'more' });
    expect(compareOutputs({}, {})).toEqual({ matches: true, maxAbs: 0, maxRel: 0, worstOutput: null });
  });

  it('names the output that is furthest over its tolerance', () => {
    // Over by 0.5 - 0.001, by 8 - 0.001 and, though 50 apart, by nothing.
    const outputs = { a: doubles(0.5), b: doubles(8), c: doubles(10_050) };
    const reference = { a: doubles(0), b: doubles(0), c: doubles(10_000) };
    expect(compareOutputs(outputs, reference)).toMatchObject({ matches: false, maxAbs: 50, worstOutput: 'b' });
  });
});
