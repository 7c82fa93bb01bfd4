import { describe, expect, it } from 'vitest';
import { bootstrap, meanStatistic } from '../../src/stats/bootstrap.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';

// Draws of numpy's lognormal, rounded, and a second model's on the same samples.
const skewed = Float64Array.of(
  7.698,
  0.078,
  1.519,
  0.567,
  0.636,
  0.806,
  0.133,
  0.793,
  0.421,
  27.743,
  1.253,
  0.703,
  0.755,
  0.513,
  0.348,
  0.677,
  1.619,
  0.788,
  2.606,
  0.819,
  1.025,
  4.692,
  1.725,
  0.603,
  0.833,
  1.717,
  6.925,
  0.764,
  0.784,
  2.725,
);
const other = Float64Array.of(
  6.795,
  0.026,
  1.499,
  0.597,
  0.586,
  0.826,
  -0.305,
  0.867,
  0.235,
  24.718,
  1.169,
  0.738,
  0.613,
  0.3,
  0.317,
  0.601,
  1.668,
  0.821,
  2.374,
  0.904,
  0.892,
  4.084,
  1.64,
  0.63,
  0.717,
  1.428,
  6.267,
  0.314,
  0.809,
  2.526,
);

const random = () => createRandom(0, 'bootstrap');

describe('bootstrap', () => {
  it('gives the BCa interval that SciPy gives for a skewed mean', () => {
    const { interval } = bootstrap(30, meanStatistic(skewed), { random: random(), resamples: 40_000 });
    expect(interval.value).toBeCloseTo(skewed.reduce((sum, value) => sum + value, 0) / 30, 12);
    // scipy.stats.bootstrap(method='BCa'), 200,000 resamples; the percentile interval would end at 4.7.
    expect(interval.low).toBeCloseTo(1.3009, 1);
    expect(Math.abs((interval.high ?? 0) - 6.0307)).toBeLessThan(0.15);
  });

  it('gives the paired interval of a difference, far narrower than either mean', () => {
    const [first, second] = [meanStatistic(skewed), meanStatistic(other)];
    const { interval, pValue } = bootstrap(30, (picked) => first(picked) - second(picked), {
      random: random(),
      resamples: 40_000,
    });
    // SciPy, paired=True.
    expect(interval.value).toBeCloseTo(0.2537333, 6);
    expect(interval.low).toBeCloseTo(0.1245, 2);
    expect(Math.abs((interval.high ?? 0) - 0.6356)).toBeLessThan(0.03);
    expect(pValue(0)).toBeLessThan(0.001);
  });

  it('has a p-value of 0.05 at its own bounds', () => {
    const { interval, pValue } = bootstrap(30, meanStatistic(skewed), { random: random(), resamples: 20_000 });
    expect(pValue(interval.low ?? 0)).toBeCloseTo(0.05, 2);
    expect(pValue(interval.high ?? 0)).toBeCloseTo(0.05, 2);
    expect(pValue(interval.value)).toBeGreaterThan(0.8);
  });

  it.each([
    ['normal', 40, (draw: () => number) => draw()],
    ['lognormal', 60, (draw: () => number) => Math.exp(0.7 * draw())],
  ])('covers a %s mean of %d samples', (_, n, from) => {
    const source = createRandom(1, 'coverage', n);
    const truth = from === undefined || n === 40 ? 0 : Math.exp(0.7 ** 2 / 2);
    const trials = 1500;
    let covered = 0;
    for (let trial = 0; trial < trials; trial++) {
      const values = Float64Array.from({ length: n }, () => from(source.normal));
      const { interval } = bootstrap(n, meanStatistic(values), { random: source, resamples: 600 });
      if ((interval.low ?? 1e9) <= truth && truth <= (interval.high ?? -1e9)) covered++;
    }
    // A bootstrap of so few samples falls a little short of 95 %.
    expect(covered / trials).toBeGreaterThan(0.91);
    expect(covered / trials).toBeLessThan(0.97);
  });

  it('rejects a true hypothesis about as often as it says', () => {
    const source = createRandom(2, 'size');
    const trials = 1000;
    let rejected = 0;
    for (let trial = 0; trial < trials; trial++) {
      const differences = Float64Array.from({ length: 80 }, () => source.normal());
      if (bootstrap(80, meanStatistic(differences), { random: source, resamples: 600 }).pValue(0) < 0.05) rejected++;
    }
    expect(rejected / trials).toBeGreaterThan(0.03);
    expect(rejected / trials).toBeLessThan(0.085);
  });

  it('is the same for the same seed', () => {
    const take = () => bootstrap(30, meanStatistic(skewed), { random: random() }).interval;
    expect(take()).toEqual(take());
  });

  it('does not vary where the samples do not', () => {
    const { interval, pValue } = bootstrap(50, meanStatistic(new Float64Array(50)), { random: random() });
    expect(interval).toEqual({ value: 0, low: 0, high: 0 });
    expect(pValue(0)).toBe(1);
  });

  it('has no bounds for one sample, and none for what is no number', () => {
    expect(bootstrap(1, meanStatistic(Float64Array.of(3)), { random: random() }).interval).toEqual({
      value: 3,
      low: null,
      high: null,
    });
    const values = Float64Array.of(1, Number.NaN, 2);
    expect(bootstrap(3, meanStatistic(values), { random: random() }).interval).toEqual({
      value: Number.NaN,
      low: null,
      high: null,
    });
  });

  it('refuses no samples', () => {
    expect(() => bootstrap(0, () => 0, { random: random() })).toThrow(RangeError);
  });
});
