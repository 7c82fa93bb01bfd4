import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockQuantiles } from '../../src/stats/block-quantile.ts';
import type { Interval } from '../../src/stats/interval.ts';
import { median, quantileOfSorted } from '../../src/stats/quantile.ts';
import { createRandom, type Random } from '../../src/stats/seeded-random.ts';

const ps = [0, 0.1, 0.5, 0.9, 0.95, 0.99, 1];
const pooled = (blocks: readonly (readonly number[])[], p: number): number =>
  quantileOfSorted(
    blocks.flat().toSorted((a, b) => a - b),
    p,
  );

function only(intervals: readonly Interval[]): Interval {
  const [interval] = intervals;
  if (interval === undefined || intervals.length !== 1) throw new Error('expected one interval');
  return interval;
}

describe('blockQuantiles', () => {
  it('is the quantile of all values together when the blocks are of one size', () => {
    const value = fc.double({ min: 0.001, max: 1e4, noNaN: true });
    const blocks = fc
      .integer({ min: 1, max: 12 })
      .chain((size) => fc.array(fc.array(value, { minLength: size, maxLength: size }), { minLength: 1, maxLength: 6 }));
    fc.assert(
      fc.property(blocks, (blocks) => {
        for (const [i, { value }] of blockQuantiles(blocks, ps).entries()) {
          expect(value / pooled(blocks, ps[i] ?? Number.NaN)).toBeCloseTo(1, 9);
        }
      }),
    );
  });

  it('weighs each block the same however many values it holds', () => {
    // By hand: weights 1/3 three times and 1, so n = 2^2 / (1/3 + 1) = 3 and each value of the type 7 window is 2/3
    // wide: the middle one reaches from 2/3 to 4/3, half in the block of ten and half in that of ones.
    expect(only(blockQuantiles([[1, 1, 1], [10]], [0.5])).value).toBeCloseTo(5.5, 12);
  });

  it('has the interval of the delete-one-block jackknife', () => {
    const random = createRandom(3);
    const blocks = Array.from({ length: 3 }, () => Array.from({ length: 20 }, () => Math.exp(random.normal())));
    for (const p of [0.5, 0.95]) {
      const logs = blocks.map((_, out) => Math.log(pooled(blocks.toSpliced(out, 1), p)));
      const mean = logs.reduce((sum, log) => sum + log, 0) / 3;
      const error = Math.sqrt((2 / 3) * logs.reduce((sum, log) => sum + (log - mean) ** 2, 0));
      const { low, high } = only(blockQuantiles(blocks, [p]));
      expect(Math.log(low ?? Number.NaN)).toBeCloseTo(Math.log(pooled(blocks, p)) - 4.30265273 * error, 7);
      expect(Math.log(high ?? Number.NaN)).toBeCloseTo(Math.log(pooled(blocks, p)) + 4.30265273 * error, 7);
    }
  });

  it('has no bounds for a single block', () => {
    expect(blockQuantiles([[1, 2, 3]], [0.5, 1])).toEqual([
      { value: expect.closeTo(2, 12), low: null, high: null },
      { value: expect.closeTo(3, 12), low: null, high: null },
    ]);
  });

  it.each([[[]], [[[1], []]], [[[1, 0]]], [[[1, Number.NaN]]]])('refuses blocks %j', (blocks) => {
    expect(() => blockQuantiles(blocks, [0.9])).toThrow(RangeError);
  });

  it('refuses a fraction outside [0, 1]', () => {
    expect(() => blockQuantiles([[1]], [99])).toThrow(RangeError);
  });
});

const draw = (random: Random, size: number): number[][] =>
  Array.from({ length: 10 }, () => {
    const level = 0.1 * random.normal();
    return Array.from({ length: size }, () => Math.exp(level + 0.2 * random.normal()));
  });

const covers = ({ low, high }: Interval, value: number): boolean =>
  low !== null && high !== null && low <= value && value <= high;

describe('blockQuantiles on simulated blocks', () => {
  // Log-normal with a spread of 0.1 between and 0.2 within blocks: all values together are log-normal again.
  const spread = Math.hypot(0.1, 0.2);
  const truth = { p90: Math.exp(1.281551566 * spread), p99: Math.exp(2.326347874 * spread) };

  it('covers what it is documented to cover', () => {
    const random = createRandom(4, 'coverage');
    const sets = 1000;
    let p90 = 0;
    let p99 = 0;
    for (let set = 0; set < sets; set++) {
      const [ninety, ninetyNine] = blockQuantiles(draw(random, 40), [0.9, 0.99]);
      if (ninety !== undefined && covers(ninety, truth.p90)) p90++;
      if (ninetyNine !== undefined && covers(ninetyNine, truth.p99)) p99++;
    }
    expect(p90 / sets).toBeGreaterThanOrEqual(0.89);
    expect(p99 / sets).toBeGreaterThanOrEqual(0.77);
  });

  it('lies nearer to p99 than the average of the p99 of each block does', () => {
    const random = createRandom(4, 'bias');
    const sets = Array.from({ length: 300 }, () => draw(random, 30));
    const ofAll = sets.map((blocks) => only(blockQuantiles(blocks, [0.99])).value);
    const ofEach = sets.map((blocks) => {
      const each = blocks.map((block) => Math.log(pooled([block], 0.99)));
      return Math.exp(each.reduce((sum, log) => sum + log, 0) / each.length);
    });
    expect(median(ofEach)).toBeLessThan(0.93 * truth.p99);
    expect(median(ofAll)).toBeGreaterThan(0.95 * truth.p99);
  });
});
