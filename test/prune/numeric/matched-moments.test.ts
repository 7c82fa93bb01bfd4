import fc from 'fast-check';
import { expect, test } from 'vitest';
import { matchedMoments } from '../../../src/prune/numeric/matched-moments.ts';
import { at, deviationOf, errorOn, meanOf, outputOf, randomWeights, samplesOf, sumsOf, targetOf } from './samples.ts';

const size = fc.record({
  rows: fc.integer({ min: 10, max: 30 }),
  n: fc.integer({ min: 1, max: 6 }),
  m: fc.integer({ min: 1, max: 4 }),
  groups: fc.integer({ min: 1, max: 2 }),
});

test('every output has the mean that it should have, and the deviation where that brings it closer', () => {
  fc.assert(
    fc.property(size, fc.integer(), (size, seed) => {
      const samples = samplesOf(size, seed);
      const { n, m, groups } = samples;
      const old = { weights: randomWeights(groups * m * n, seed), bias: randomWeights(groups * m, seed + 1) };
      const found = matchedMoments(sumsOf(samples), old);
      expect(found.errorBefore).toBeCloseTo(errorOn(samples, old), 6);
      expect(found.errorAfter).toBeCloseTo(errorOn(samples, found), 5);
      expect(found.errorAfter).toBeLessThanOrEqual(found.errorBefore + 1e-6);
      for (let output = 0; output < groups * m; output++) {
        const [target, before] = [targetOf(samples, output), outputOf(samples, old, output)];
        const after = outputOf(samples, found, output);
        const [size, wanted] = [deviationOf(before), deviationOf(target)];
        expect(meanOf(after)).toBeCloseTo(meanOf(target), 3);
        // Of both scales the one whose squared error around the means is less.
        const cross = meanOf(before.map((y, row) => (y - meanOf(before)) * (at(target, row) - meanOf(target))));
        const isMatched = wanted ** 2 - 2 * (wanted / size) * cross < size ** 2 - 2 * cross;
        expect(deviationOf(after)).toBeCloseTo(isMatched ? wanted : size, 3);
      }
    }),
    { numRuns: 60 },
  );
});

test('without a bias outputs are scaled to the size that they should have, where that brings them closer', () => {
  const samples = samplesOf({ rows: 40, n: 3, m: 2 });
  const weights = randomWeights(6);
  const exact = { weights, bias: null };
  const z = Float64Array.from({ length: 80 }, (_, i) => at(outputOf(samples, exact, i % 2), i >> 1));
  const half = { weights: weights.map((weight) => weight / 2), bias: null };
  const found = matchedMoments(sumsOf({ ...samples, z }), half);
  expect(found.bias).toBeNull();
  for (const [i, weight] of found.weights.entries()) expect(weight).toBeCloseTo(at(weights, i), 5);
  expect(found.errorAfter).toBeLessThan(1e-9);
  const opposite = { weights: weights.map((weight) => -weight / 2), bias: null };
  expect(matchedMoments(sumsOf({ ...samples, z }), opposite).weights).toEqual(opposite.weights);
});

test('an output that never varies gets its mean', () => {
  const samples = samplesOf({ rows: 12, n: 2, m: 1 });
  const { weights, bias } = matchedMoments(sumsOf(samples), { weights: new Float32Array(2), bias: Float32Array.of(9) });
  expect(weights).toEqual(new Float32Array(2));
  expect(at(bias ?? [], 0)).toBeCloseTo(meanOf(targetOf(samples, 0)), 5);
});
