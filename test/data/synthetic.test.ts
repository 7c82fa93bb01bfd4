import { describe, expect, it } from 'vitest';
import { synthesizeInput } from '../../src/data/synthetic.ts';
import type { DataType } from '../../src/onnx/data-type.ts';
import { numbersOf } from '../../src/onnx/tensor-types/numbers-of.ts';
import type { ValueSignature } from '../../src/onnx/signature.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { findingOf } from './finding-of.ts';
import { value } from './signatures.ts';

const makeAfter = (past: number, input: ValueSignature) =>
  synthesizeInput(input, { shape: input.shape.map(Number), past, below: null, random: createRandom(0, input.name) });
const make = (name: string, type: DataType, shape: readonly number[]) => makeAfter(0, value(name, type, shape));
const numbers = (data: ArrayLike<unknown>): number[] => Array.from(data, Number);
const mean = (values: readonly number[]): number => values.reduce((sum, next) => sum + next, 0) / values.length;

describe('synthesizeInput', () => {
  it('draws floats evenly from [0, 1)', () => {
    for (const type of ['float32', 'float64', 'float16', 'bfloat16'] as const) {
      const { tensor, varies, guessed } = make('x', type, [100, 100]);
      const values = Array.from(numbersOf(tensor));
      expect(values.every((next) => next >= 0 && next < 1)).toBe(true);
      // A uniform's mean is 1/2 and its variance 1/12; 10,000 draws put the mean's standard error at 0.0029.
      expect(Math.abs(mean(values) - 0.5)).toBeLessThan(0.012);
      expect(Math.abs(mean(values.map((next) => (next - 0.5) ** 2)) - 1 / 12)).toBeLessThan(0.005);
      expect({ varies, guessed }).toEqual({ varies: true, guessed: null });
    }
  });

  it('stays below 1 and off the ends of small types', () => {
    for (const type of ['float8e4m3fn', 'float8e4m3fnuz', 'float8e5m2', 'float8e5m2fnuz', 'float4e2m1'] as const) {
      const values = Array.from(numbersOf(make('x', type, [1000]).tensor));
      expect(Math.min(...values)).toBe(0);
      expect(Math.max(...values)).toBeLessThan(1);
    }
    expect(new Set(numbersOf(make('q', 'uint2', [100]).tensor))).toEqual(new Set([0, 1]));
    expect(new Set(numbersOf(make('q', 'int4', [200]).tensor))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
  });

  it('takes the rows of a table for what integers must stay below, and calls it no guess', () => {
    const ids = value('ids', 'int64', [1000]);
    const { tensor, guessed } = synthesizeInput(ids, {
      shape: [1000],
      past: 0,
      below: 7,
      random: createRandom(0, 'x'),
    });
    expect(new Set(numbers(numbersOf(tensor)))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
    expect(guessed).toBeNull();
  });

  it('makes complex numbers real', () => {
    const values = numbersOf(make('z', 'complex64', [4]).tensor);
    expect([values[1], values[3], values[5], values[7]]).toEqual([0, 0, 0, 0]);
    expect(new Set(values).size).toBeGreaterThan(1);
  });

  it('makes masks of ones in every type', () => {
    for (const type of ['int64', 'int32', 'float32', 'bool'] as const) {
      expect(numbers(make('attention_mask', type, [2, 3]).tensor.data)).toEqual([1, 1, 1, 1, 1, 1]);
    }
    expect(numbers(make('encoder_mask', 'float16', [2]).tensor.data)).toEqual([0x3c00, 0x3c00]);
  });

  it('counts positions up in each row, from the past on', () => {
    expect(numbers(make('position_ids', 'int64', [2, 3]).tensor.data)).toEqual([0, 1, 2, 0, 1, 2]);
    expect(numbers(makeAfter(7, value('position_ids', 'int32', [2, 2])).tensor.data)).toEqual([7, 8, 7, 8]);
  });

  it('puts zeros where there is one segment, and false in flags', () => {
    expect(numbers(make('token_type_ids', 'int64', [3]).tensor.data)).toEqual([0, 0, 0]);
    expect(numbers(make('segment_ids:0', 'int32', [2]).tensor.data)).toEqual([0, 0]);
    expect(numbers(make('use_cache_branch', 'bool', [1]).tensor.data)).toEqual([0]);
  });

  it('draws other integers from 0 to 99 and says so', () => {
    const { tensor, guessed } = make('input_ids', 'int64', [10, 1000]);
    expect(new Set(numbers(tensor.data)).size).toBe(100);
    expect(Math.max(...numbers(tensor.data))).toBe(99);
    expect(guessed).toBe('0..99');
    expect(make('scale', 'float32', []).guessed).toBe('0..1');
  });

  it.for([
    ['sr', 'int64', []],
    ['anything', 'int32', []],
    ['sample_rate', 'int64', [1]],
    ['input_lengths', 'int64', [4]],
    ['max_length', 'int32', [1]],
    ['text', 'string', [2]],
  ] as const)('asks for %s', ([name, type, shape]) => {
    const details = { input: name, type };
    expect(findingOf(() => make(name, type, shape))).toEqual({ code: 'input-value-needed', details });
  });
});
