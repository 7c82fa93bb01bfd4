import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layerError } from '../../../src/prune/numeric/layer-error.ts';
import type { RidgeOptions, RidgeSolution } from '../../../src/prune/numeric/ridge-solution.ts';
import { ridgeSolution } from '../../../src/prune/numeric/ridge-solution.ts';
import { ridgeStrength } from '../../../src/prune/numeric/ridge-strength.ts';
import type { Samples } from './samples.ts';
import { at, eliminate, errorOn, randomWeights, rowsOf, samplesOf, sumsOf } from './samples.ts';

function solved(samples: Samples, options: RidgeOptions = {}): RidgeSolution {
  const { solution } = ridgeSolution(sumsOf(samples), oldLayer(samples), options);
  if (solution === null) throw new Error('no solution');
  return solution;
}

function oldLayer({ groups, n, m }: Samples) {
  return { weights: randomWeights(groups * m * n, 5), bias: randomWeights(groups * m, 6) };
}

/** The minimum of `sum |z - w x - b|² + λ |w - w_K|²` for one output, from rows, with a row of its own for the constant. */
function reference(samples: Samples, output: number, strength: number): number[] {
  const { rows, n, m, groups, x, z } = samples;
  const group = Math.floor(output / m);
  const inputs = Array.from({ length: rows }, (_, row) => {
    const start = (row * groups + group) * n;
    return [...x.subarray(start, start + n), 1];
  });
  const square = inputs.reduce((sum, row) => sum + row.slice(0, n).reduce((a, b) => a + b * b, 0), 0);
  const ridge = (strength * square) / n;
  const old = oldLayer(samples).weights.subarray(output * n);
  const matrix = Array.from({ length: n + 1 }, (_, i) =>
    Array.from({ length: n + 1 }, (_, j) => {
      const sum = inputs.reduce((all, row) => all + at(row, i) * at(row, j), 0);
      return sum + (i === j && i < n ? ridge : 0);
    }),
  );
  const right = Array.from({ length: n + 1 }, (_, i) => {
    const sum = inputs.reduce((all, row, r) => all + at(row, i) * at(z, r * groups * m + output), 0);
    return sum + (i < n ? ridge * at(old, i) : 0);
  });
  return eliminate(matrix, right);
}

const size = fc.record({
  rows: fc.integer({ min: 12, max: 40 }),
  n: fc.integer({ min: 1, max: 9 }),
  m: fc.integer({ min: 1, max: 4 }),
  groups: fc.integer({ min: 1, max: 3 }),
});

describe('ridgeSolution', () => {
  test('solves the normal equations, group by group, with a constant that nothing draws', () => {
    fc.assert(
      fc.property(size, fc.integer(), fc.double({ min: -4, max: 1, noNaN: true }), (size, seed, exponent) => {
        const samples = samplesOf(size, seed);
        const strength = 10 ** exponent;
        const { weights, bias } = solved(samples, { strength });
        for (let output = 0; output < size.groups * size.m; output++) {
          const expected = reference(samples, output, strength);
          const found = [...weights.subarray(output * size.n, (output + 1) * size.n), at(bias ?? [], output)];
          const differences = expected.map((value, i) => Math.abs(at(found, i) - value) / (1 + Math.abs(value)));
          expect(Math.max(...differences)).toBeLessThan(1e-4);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('tells the errors that the rows have', () => {
    fc.assert(
      fc.property(size, fc.integer(), (size, seed) => {
        const samples = samplesOf(size, seed);
        const solution = solved(samples);
        expect(solution.errorBefore).toBeCloseTo(errorOn(samples, oldLayer(samples)), 6);
        expect(solution.errorAfter).toBeCloseTo(errorOn(samples, solution), 6);
        expect(solution.errorAfter).toBeLessThanOrEqual(solution.errorBefore);
      }),
      { numRuns: 40 },
    );
  });

  test('is least squares without a ridge, and the old weights under a strong one', () => {
    const samples = samplesOf({ rows: 60, n: 8, m: 3 });
    const free = solved(samples, { strength: 0 });
    for (const scale of [-1e-2, 1e-2])
      for (let i = 0; i < free.weights.length; i++) {
        const moved = free.weights.map((weight, k) => weight + (i === k ? scale : 0));
        expect(errorOn(samples, { weights: moved, bias: free.bias })).toBeGreaterThan(free.errorAfter);
      }
    const old = oldLayer(samples);
    const held = solved(samples, { strength: 1e9 });
    for (const [i, weight] of held.weights.entries()) expect(weight).toBeCloseTo(at(old.weights, i), 5);
    expect(held.errorAfter).toBeGreaterThan(free.errorAfter);
  });

  test('adds no constant to a layer without one unless it is told to', () => {
    const samples = samplesOf({ rows: 50, n: 6, m: 4 });
    const old = { weights: oldLayer(samples).weights, bias: null };
    const { solution: plain } = ridgeSolution(sumsOf(samples), old, { strength: 1e-6 });
    expect(plain?.bias).toBeNull();
    expect(plain?.errorAfter).toBeCloseTo(errorOn(samples, { weights: plain?.weights ?? [], bias: null }), 6);
    const { solution: free } = ridgeSolution(sumsOf(samples), old, { strength: 1e-6, hasBias: true });
    expect(free?.bias).toHaveLength(4);
    expect(free?.errorAfter ?? 1).toBeLessThan(plain?.errorAfter ?? 0);
  });

  test('takes the strength that does best on rows that it has not seen', () => {
    const samples = samplesOf({ rows: 400, n: 30, m: 5 });
    const [train, held] = [rowsOf(samples, 0, 34), rowsOf(samples, 34, 400)];
    const strengths = [1e-6, 1e-3, 1, 1e3];
    const best = solved(train, { validation: sumsOf(held), strengths });
    const errors = strengths.map((strength) => errorOn(held, solved(train, { strength })));
    expect(best.strength).toBe(strengths[errors.indexOf(Math.min(...errors))]);
    expect(best.errorAfter).toBeCloseTo(Math.min(...errors), 6);
    expect(best.errorBefore).toBeCloseTo(errorOn(held, oldLayer(samples)), 6);
  });

  test('draws harder where rows are few', () => {
    expect([400, 100, 99].map((rows) => ridgeStrength(rows, 100))).toEqual([3e-2, 3e-2, 5e-2]);
    const samples = samplesOf({ rows: 20, n: 40, m: 2 });
    expect(solved(samples).strength).toBe(5e-2);
  });

  test('keeps weights of inputs that are never there', () => {
    const samples = samplesOf({ rows: 30, n: 4, m: 2, groups: 2 });
    const silent = { ...samples, x: samples.x.map((x, i) => (i % 8 < 4 ? 0 : x)) };
    const { weights } = solved(silent);
    expect(weights.subarray(0, 8)).toEqual(oldLayer(samples).weights.subarray(0, 8));
    expect(weights.subarray(8)).not.toEqual(oldLayer(samples).weights.subarray(8));
  });

  test('says why there is no solution', () => {
    const samples = samplesOf({ rows: 3, n: 8, m: 2 });
    const sums = { ...sumsOf(samples), gram: new Float64Array(64).fill(1).fill(-1, 1, 2) };
    expect(ridgeSolution(sums, oldLayer(samples), { strength: 0 }).problem).toBe('singular');
    const broken = { ...sumsOf(samples), cross: new Float64Array(16).fill(Number.NaN) };
    expect(ridgeSolution(broken, oldLayer(samples)).problem).toBe('not-finite');
    expect(() => ridgeSolution(sumsOf(samples), { weights: new Float32Array(3), bias: null })).toThrow(RangeError);
  });
});

test('layerError is 0 for an exact layer, and relative to squares where nothing varies', () => {
  const samples = samplesOf({ rows: 20, n: 3, m: 1 });
  const constant = { ...samples, z: samples.z.map(() => 2) };
  const layer = (bias: number) => ({ weights: new Float32Array(3), bias: Float32Array.of(bias) });
  expect(layerError(sumsOf(constant), layer(2))).toBe(0);
  expect(layerError(sumsOf(constant), layer(1))).toBeCloseTo(1 / 4);
  expect(layerError(sumsOf({ ...samples, z: samples.z.map(() => 0) }), layer(0))).toBe(0);
});
