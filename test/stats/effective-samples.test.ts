import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countOvers, effectiveSamples, effectiveSamplesOfBlocks } from '../../src/stats/effective-samples.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe('effectiveSamples', () => {
  it('is n (1 - r) / (1 + r) of the correlation between neighbors', () => {
    // About their mean 2: -1, -1, 1, 1; products of neighbors 1 - 1 + 1 = 1 over squares of 4.
    expect(effectiveSamples([1, 1, 3, 3])).toBeCloseTo((4 * 0.75) / 1.25, 12);
  });

  it('is all of them where neighbors differ, and where nothing varies', () => {
    expect(effectiveSamples([1, 3, 1, 3, 1])).toBe(5);
    expect(effectiveSamples([2, 2, 2])).toBe(3);
    expect(effectiveSamples([7])).toBe(1);
  });

  it.each([0, 0.3, 0.6, 0.9])('is that of a first-order process with the correlation %d', (phi) => {
    const random = createRandom(1, 'effective', phi);
    let level = random.normal();
    const values = Array.from({ length: 20_000 }, () => {
      level = phi * level + Math.sqrt(1 - phi * phi) * random.normal();
      return level;
    });
    expect(effectiveSamples(values) / values.length / ((1 - phi) / (1 + phi))).toBeCloseTo(1, 0.7);
  });

  it('lies between 1 and their number', () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1 }), (values) => {
        const effective = effectiveSamples(values);
        expect(effective).toBeGreaterThanOrEqual(1);
        expect(effective).toBeLessThanOrEqual(values.length);
      }),
    );
  });

  it.each([[[]], [[1, Number.NaN]]])('refuses %j', (values) => {
    expect(() => effectiveSamples(values)).toThrow(RangeError);
  });
});

describe('effectiveSamplesOfBlocks', () => {
  it('is the number of blocks where a block does not vary', () => {
    expect(
      effectiveSamplesOfBlocks([
        [1, 1, 1],
        [2, 2, 2],
        [5, 5, 5],
        [9, 9, 9],
      ]),
    ).toBeCloseTo(4, 12);
  });

  it('is all of them where the blocks are alike', () => {
    expect(
      effectiveSamplesOfBlocks([
        [1, 3, 1, 3],
        [3, 1, 3, 1],
      ]),
    ).toBe(8);
    expect(effectiveSamplesOfBlocks([[1, 3, 1, 3]])).toBe(4);
    expect(effectiveSamplesOfBlocks([[1], [3], [2]])).toBe(3);
  });

  it('tells how much the mean of blocks with levels of their own varies', () => {
    const random = createRandom(2, 'blocks');
    const rho = 0.2;
    const size = 100;
    const counts = Array.from({ length: 300 }, () =>
      effectiveSamplesOfBlocks(
        Array.from({ length: 20 }, () => {
          const level = Math.sqrt(rho) * random.normal();
          return Array.from({ length: size }, () => level + Math.sqrt(1 - rho) * random.normal());
        }),
      ),
    );
    const exact = (20 * size) / (1 + (size - 1) * rho);
    const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(mean / exact).toBeGreaterThan(0.9);
    expect(mean / exact).toBeLessThan(1.25);
  });

  it('lies between 1 and their number', () => {
    const blocks = fc.array(fc.array(finite, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(blocks, (blocks) => {
        const effective = effectiveSamplesOfBlocks(blocks);
        expect(effective).toBeGreaterThanOrEqual(1);
        expect(effective).toBeLessThanOrEqual(blocks.flat().length);
      }),
    );
  });

  it.each([[[]], [[[1], []]]])('refuses %j', (blocks) => {
    expect(() => effectiveSamplesOfBlocks(blocks)).toThrow(RangeError);
  });
});

describe('countOvers', () => {
  it('is the effective number of a series of ones and zeros', () => {
    const random = createRandom(4, 'overs');
    let level = 0;
    const values = Float64Array.from({ length: 5000 }, () => (level = 0.9 * level + random.normal()));
    for (const limit of [-1, 0.5, 3]) {
      const indicators = Array.from(values, (value) => (value > limit ? 1 : 0));
      const counted = countOvers(values, limit);
      expect(counted.overs).toBe(indicators.filter((over) => over === 1).length);
      expect(counted.effectiveSamples).toBeCloseTo(effectiveSamples(indicators), 6);
    }
  });

  it('counts all of them where none or every one is above', () => {
    expect(countOvers(Float64Array.of(1, 2, 3), 5)).toEqual({ overs: 0, effectiveSamples: 3 });
    expect(countOvers(Float64Array.of(1, 2, Infinity), 0)).toEqual({ overs: 3, effectiveSamples: 3 });
    expect(() => countOvers(new Float64Array(0), 1)).toThrow(RangeError);
  });
});
