import { describe, expect, test } from 'vitest';
import { axisSums, sumsByUnit } from '../../../src/prune/numeric/axis-sums.ts';
import { relativeToMean } from '../../../src/prune/numeric/score-scales.ts';
import {
  activationScores,
  groupNormScores,
  magnitudeScores,
  randomScores,
  scaleScores,
  varianceScores,
} from '../../../src/prune/numeric/unit-scores.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { at, randomWeights } from './samples.ts';

/** Convolution `[2, 3, 1, 2]`. */
const conv = { data: [1, -2, 3, 0, 0, 5, -1, 1, 2, 2, -4, 0], dims: [2, 3, 1, 2] };

test('axisSums add up each slice', () => {
  expect(axisSums({ ...conv, axis: 0 }, 1)).toEqual(Float64Array.of(11, 10));
  expect(axisSums({ ...conv, axis: 0 }, 2)).toEqual(Float64Array.of(39, 26));
  expect(axisSums({ ...conv, axis: 1 }, 1)).toEqual(Float64Array.of(5, 7, 9));
  expect(axisSums({ ...conv, axis: 3 }, 2)).toEqual(Float64Array.of(1 + 9 + 1 + 4 + 16, 4 + 25 + 1 + 4));
  expect(() => axisSums({ data: [1, 2], dims: [3], axis: 0 }, 1)).toThrow(RangeError);
});

test('sumsByUnit leave out what is of no unit', () => {
  expect(sumsByUnit([1, 2, 4, 8], Int32Array.of(1, -1, 1, 0), 3)).toEqual(Float64Array.of(8, 5, 0));
});

describe('scores', () => {
  const heads = Int32Array.of(0, 0, 1, 1);
  /** MatMul `[4, 2]` that reads two heads of two columns. */
  const reader = { data: [1, 0, 0, 2, 3, 0, 1, 1], dims: [4, 2], axis: 0, units: heads };
  const moments = { means: Float64Array.of(1, 0, 0, 2), meanSquares: Float64Array.of(2, 1, 4, 4) };

  test('magnitudes add up over what makes a unit', () => {
    const weight = { ...conv, axis: 0, units: Int32Array.of(1, 0) };
    const bias = { data: [0.5, -0.25], dims: [2], axis: 0, units: Int32Array.of(1, 0) };
    expect(magnitudeScores([weight, bias], 2, 1)).toEqual(Float64Array.of(10.25, 11.5));
    expect(magnitudeScores([weight], 2, 2)).toEqual(Float64Array.of(26, 39));
    expect(groupNormScores([weight, bias], 2)).toEqual(Float64Array.of((26 + 0.0625) / 2, (39 + 0.25) / 2));
    expect(scaleScores([bias], 2)).toEqual(Float64Array.of(0.25, 0.5));
  });

  test('activations: E[x²] |w|², by head, relative to the mean', () => {
    // Columns: 2 * 1, 1 * 4, 4 * 9, 4 * 2.
    expect(activationScores([{ ...reader, moments }], 2)).toEqual(Float64Array.of(6 / 25, 44 / 25));
  });

  test('WIFV: the variance takes the place of the square', () => {
    // 1 * 1, 1 * 4, 4 * 9, 0 * 2.
    expect(varianceScores([{ ...reader, moments }], 2)).toEqual(Float64Array.of(5 / 20.5, 36 / 20.5));
    const loud = { ...reader, data: reader.data.map((w) => 100 * w), moments };
    const both = varianceScores([{ ...reader, moments }, loud], 2);
    expect(at(both, 0)).toBeCloseTo(10 / 20.5);
  });

  test('WIFV is the variance of the output that a unit of one column adds, summed over outputs', () => {
    const rows = 50;
    const x = randomWeights(rows, 3).map((value) => value + 2);
    const w = randomWeights(4, 4);
    const mean = x.reduce((sum, a) => sum + a, 0) / rows;
    const square = x.reduce((sum, a) => sum + a * a, 0) / rows;
    const direct = w.reduce((sum, b) => sum + x.reduce((s, a) => s + (a * b - mean * b) ** 2, 0) / rows, 0);
    const units = Int32Array.of(0, 1);
    const own = { means: Float64Array.of(mean, 0), meanSquares: Float64Array.of(square, 1) };
    // The other unit has variance 1 and |w|² 1, so the ratio is the first one's own.
    const data = [...w, 1, 0, 0, 0];
    const scores = varianceScores([{ data, dims: [2, 4], axis: 0, units, moments: own }], 2);
    expect(at(scores, 0) / at(scores, 1)).toBeCloseTo(direct, 4);
  });

  test('random ones are those of the seed', () => {
    expect(randomScores(5, createRandom(1, 'a'))).toEqual(randomScores(5, createRandom(1, 'a')));
    expect(randomScores(5, createRandom(1, 'a'))).not.toEqual(randomScores(5, createRandom(2, 'a')));
  });
});

test('scales: mean 1, and mean 0 with deviation 1', () => {
  const scores = Float64Array.of(1, 2, 3, 6);
  expect(relativeToMean(scores)).toEqual(Float64Array.of(1 / 3, 2 / 3, 1, 2));
  expect(relativeToMean(new Float64Array(2))).toEqual(new Float64Array(2));
  expect(relativeToMean(new Float64Array(0))).toHaveLength(0);
});
