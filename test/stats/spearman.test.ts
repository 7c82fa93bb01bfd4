import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { spearmanStatistic } from '../../src/stats/spearman.ts';

describe('spearmanStatistic', () => {
  it('is SciPy’s with ties', () => {
    const x = Float64Array.of(1, 2, 2, 3, 5, 8, 8, 8, 13, -1);
    const y = Float64Array.of(2.5, 1, 4, 4, 3, 9, 7, 7, 11, 0);
    expect(spearmanStatistic(x, y)(null)).toBeCloseTo(0.9195443073222924, 13);
  });

  it('sees order alone', () => {
    const x = Float64Array.of(1, 2, 3, 4);
    const y = Float64Array.of(0.1, 0.2, 100, 1e9);
    expect(spearmanStatistic(x, y)(null)).toBeCloseTo(1, 14);
    expect(spearmanStatistic(x, y.toReversed())(null)).toBeCloseTo(-1, 14);
  });

  it('of a resample is that of the picked values', () => {
    const random = createRandom(0, 'spearman');
    const x = Float64Array.from({ length: 20 }, () => random.integer(6));
    const y = Float64Array.from({ length: 20 }, () => random.normal());
    const picked = Uint32Array.from({ length: 20 }, () => random.integer(20));
    const taken = (values: Float64Array) => Float64Array.from(picked, (index) => values[index] ?? 0);
    expect(spearmanStatistic(x, y)(picked)).toBeCloseTo(spearmanStatistic(taken(x), taken(y))(null), 13);
  });

  it('is no number where a side is the same for all, or is no number', () => {
    expect(spearmanStatistic(Float64Array.of(1, 1, 1), Float64Array.of(1, 2, 3))(null)).toBeNaN();
    expect(spearmanStatistic(Float64Array.of(1, 2, Number.NaN), Float64Array.of(1, 2, 3))(null)).toBeNaN();
  });

  it('refuses sides of different lengths', () => {
    expect(() => spearmanStatistic(new Float64Array(2), new Float64Array(3))).toThrow(RangeError);
  });
});
