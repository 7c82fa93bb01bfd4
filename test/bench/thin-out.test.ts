import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thinOut } from '../../src/bench/thin-out.ts';

describe('thinOut', () => {
  it('keeps every stride-th of at most 1,000 and the sums of all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5200 }), fc.integer({ min: 1, max: 97 }), (length, step) => {
        // Whole numbers, so that a sum in any order is exact.
        const all = Array.from({ length }, (_, run) => 1 + ((run * step) % 101));
        const thin = thinOut(all);
        expect(thin.latencyMs.length).toBeLessThanOrEqual(1000);
        expect(thin.stride === 1 ? length <= 1000 : thin.latencyMs.length > 500).toBe(true);
        expect(thin.latencyMs).toEqual(
          Array.from({ length: Math.ceil(length / thin.stride) }, (_, kept) => all[kept * thin.stride]),
        );
        expect(thin.runs).toBe(length);
        expect(thin.sumMs).toBe(all.reduce((total, ms) => total + ms, 0));
        expect([thin.minMs, thin.maxMs]).toEqual([Math.min(...all), Math.max(...all)]);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps all of 1,000 and every other of 1,001', () => {
    const count = (length: number) => thinOut(Array.from({ length }, () => 1)).latencyMs.length;
    expect([count(1000), count(1001), count(2000), count(2001)]).toEqual([1000, 501, 1000, 667]);
  });

  it('meets every input of a pool that the runs cycle through equally often', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9000 }), fc.integer({ min: 1, max: 12 }), (length, period) => {
        const { latencyMs, stride } = thinOut(
          Array.from({ length }, (_, run) => 1 + (run % period)),
          period,
        );
        expect(latencyMs.length).toBeLessThanOrEqual(1000);
        const counts = Array.from({ length: period }, (_, at) => latencyMs.filter((ms) => ms === 1 + at).length);
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
        expect(stride).toBeLessThan(length / 1000 + period);
      }),
    );
    // Four inputs in turn, every other run kept: two of them would be all that is seen.
    expect([1500, 3500].map((length) => thinOut(Array<number>(length).fill(1), 4).stride)).toEqual([3, 5]);
  });

  it('refuses an empty block', () => {
    expect(() => thinOut([])).toThrow(RangeError);
  });
});
