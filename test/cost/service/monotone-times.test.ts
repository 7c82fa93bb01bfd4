import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monotoneTimes } from '../../../src/cost/service/monotone-times.ts';

describe('times through measured points', () => {
  it('goes through rising points, and along a line where they are on one', () => {
    const bent = monotoneTimes([1, 2, 8], [1, 4, 5]);
    expect([1, 2, 8].map((batch) => bent.msAt(batch))).toEqual([1, 4, 5]);
    const straight = monotoneTimes([1, 4, 16], [4.75, 8.5, 23.5]);
    for (let batch = 1; batch <= 16; batch++) expect(straight.msAt(batch)).toBeCloseTo(3.5 + 1.25 * batch, 12);
  });

  it('has the slope of Fritsch and Butland where pieces meet', () => {
    // Pieces of slopes 3 and 1 and widths 1 and 2: the weight of the first is (2·2 + 1) / (3·3).
    const times = monotoneTimes([1, 2, 4], [1, 4, 6]);
    const slope = 1 / (5 / 9 / 3 + 4 / 9 / 1);
    // The cubic of the second piece, in the middle: mean of the ends plus width·(slope - end slope)/8.
    expect(times.msAt(3)).toBeCloseTo(5 + (2 * (slope - 1)) / 8, 12);
  });

  it('averages what falls, as nothing takes less time in a larger batch', () => {
    const times = monotoneTimes([1, 2, 4], [2, 3, 12 / 9]);
    const middle = (2 * 3 * (12 / 9)) ** (1 / 3);
    for (const batch of [1, 2, 3, 4]) expect(times.msAt(batch)).toBeCloseTo(middle, 12);
  });

  it('goes on below the smallest batch, with no negative overhead', () => {
    expect(monotoneTimes([4, 8], [10, 14]).msAt(1)).toBeCloseTo(7, 12);
    expect(monotoneTimes([4, 8], [10, 30]).msAt(1)).toBeCloseTo(2.5, 12);
    expect(monotoneTimes([8], [10]).msAt(3)).toBe(10);
  });

  it('never falls and never leaves the neighbors', () => {
    const points = fc.uniqueArray(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 7 }).chain((batches) =>
      fc.record({
        batches: fc.constant(batches.toSorted((a, b) => a - b)),
        times: fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), {
          minLength: batches.length,
          maxLength: batches.length,
        }),
      }),
    );
    fc.assert(
      fc.property(points, ({ batches, times }) => {
        const curve = monotoneTimes(batches, times);
        let before = 0;
        for (let batch = 1; batch <= (batches.at(-1) ?? 0); batch++) {
          const ms = curve.msAt(batch);
          expect(ms).toBeGreaterThan(0);
          expect(ms).toBeGreaterThanOrEqual(before * (1 - 1e-12));
          expect(ms).toBeLessThanOrEqual(Math.max(...times) * (1 + 1e-12));
          before = ms;
        }
      }),
    );
  });
});
