import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hodgesLehmann } from '../../src/stats/hodges-lehmann.ts';
import { createRandom, type Random } from '../../src/stats/seeded-random.ts';
import { signedRankUpperTail } from '../../src/stats/signed-rank.ts';

const distributions: Record<string, (random: Random) => number> = {
  normal: (random) => random.normal(),
  'heavy-tailed': (random) => random.normal() / Math.abs(random.normal()),
  uniform: (random) => random.next() - 0.5,
  rounded: (random) => Math.round(2 * random.normal()) / 2,
};

describe('hodgesLehmann', () => {
  it('is the median of all averages of two, between those that the critical value names', () => {
    // Averages of 1, 2, 4, 8, 16, 32: the least and the largest bound 6 differences (critical value 0).
    expect(hodgesLehmann([1, 2, 4, 8, 16, 32])).toEqual({ value: 8.5, low: 1, high: 32 });
    expect(hodgesLehmann([3, 1])).toEqual({ value: 2, low: null, high: null });
    expect(hodgesLehmann([7])).toEqual({ value: 7, low: null, high: null });
  });

  // Hollander and Wolfe's depression scores: R's wilcox.test(x - y, conf.int = TRUE) gives -0.46 and [-0.786, -0.010].
  it('is that of the Hamilton depression scores', () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const { value, low, high } = hodgesLehmann(after.map((score, i) => score - (before[i] ?? 0)));
    expect(value).toBeCloseTo(-0.46, 12);
    expect(low).toBeCloseTo(-0.786, 12);
    expect(high).toBeCloseTo(-0.01, 12);
  });

  it('leaves out exactly the shifts that the signed-rank test rejects', () => {
    const some = fc.uniqueArray(fc.integer({ min: -500, max: 500 }), { minLength: 6, maxLength: 30 });
    fc.assert(
      fc.property(some, (values) => {
        const { low, high } = hodgesLehmann(values);
        const pBelow = (shift: number): number => signedRankUpperTail(values.map((value) => value - shift));
        const pAbove = (shift: number): number => signedRankUpperTail(values.map((value) => shift - value));
        // Off the grid of averages there are neither zeros nor, but by symmetry, ties.
        expect(pBelow((low ?? Number.NaN) - 0.1)).toBeLessThanOrEqual(0.025);
        expect(pBelow((low ?? Number.NaN) + 0.1)).toBeGreaterThan(0.025);
        expect(pAbove((high ?? Number.NaN) + 0.1)).toBeLessThanOrEqual(0.025);
        expect(pAbove((high ?? Number.NaN) - 0.1)).toBeGreaterThan(0.025);
      }),
    );
  });

  it('moves with its differences and turns over with their signs', () => {
    const some = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 6, maxLength: 40 });
    fc.assert(
      fc.property(some, fc.integer({ min: -100, max: 100 }), (values, shift) => {
        const { value, low, high } = hodgesLehmann(values);
        const moved = hodgesLehmann(values.map((each) => each + shift));
        expect(moved).toEqual({ value: value + shift, low: (low ?? 0) + shift, high: (high ?? 0) + shift });
        const turned = hodgesLehmann(values.map((each) => -each));
        expect(turned.value).toBeCloseTo(-value, 12);
        expect(turned.low).toBeCloseTo(-(high ?? 0), 12);
      }),
    );
  });

  it.each(Object.keys(distributions))('covers the middle of a %s distribution in 10,000 sets', (name) => {
    const draw = distributions[name] ?? (() => Number.NaN);
    const random = createRandom(7, name);
    const sizes = [6, 8, 12, 25];
    let covered = 0;
    for (let set = 0; set < 10_000; set++) {
      const values = Array.from({ length: sizes[set % sizes.length] ?? 0 }, () => 0.25 + draw(random));
      const { low, high } = hodgesLehmann(values);
      if ((low ?? Number.NaN) <= 0.25 && 0.25 <= (high ?? Number.NaN)) covered++;
    }
    expect(covered / 10_000).toBeGreaterThanOrEqual(0.94);
  });

  it('refuses what is no set of differences', () => {
    expect(() => hodgesLehmann([])).toThrow(RangeError);
    expect(() => hodgesLehmann([1, Number.NaN])).toThrow(RangeError);
    expect(() => hodgesLehmann([1, 2], 1)).toThrow(RangeError);
  });
});
