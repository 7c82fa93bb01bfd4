import { describe, expect, it } from 'vitest';
import { drawCount, roundShifts } from '../../../src/cost/service/round-shifts.ts';
import { logInterval } from '../../../src/stats/log-interval.ts';
import { quantileOfSorted } from '../../../src/stats/quantile.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';

function logsOf(times: readonly (number | null)[]): Map<number, number> {
  return new Map(times.flatMap((ms, round) => (ms === null ? [] : [[round, Math.log(ms)] as const])));
}

/** Half the width that holds 95 % of the draws. */
function halfWidth(shifts: readonly Float64Array[], figure: (shift: Float64Array) => number): number {
  return quantileOfSorted(Float64Array.from(shifts, figure).toSorted(), 0.975);
}

describe('what points may be off by', () => {
  it.each([
    [10, 11, 10.4],
    [10, 11, 10.4, 10.1, 10.9, 10.2],
  ])('is what Student’s t gives for one point (%#)', (...times) => {
    const { low, high } = logInterval(times);
    const expected = Math.log((high ?? 0) / (low ?? 1)) / 2;
    const widths = Array.from({ length: 20 }, (_, seed) =>
      halfWidth(roundShifts([logsOf(times)], createRandom(seed)), ([shift = 0]) => shift),
    );
    const mean = widths.reduce((sum, width) => sum + width, 0) / widths.length;
    expect(mean / expected).toBeGreaterThan(0.95);
    expect(mean / expected).toBeLessThan(1.05);
  });

  it('is what a paired t test gives for the difference of two that share their rounds', () => {
    const first = [10, 12, 11, 13];
    const second = [20, 23.8, 22.4, 25.7];
    const { low, high } = logInterval(first.map((ms, round) => ms / (second[round] ?? 1)));
    const shifts = roundShifts([logsOf(first), logsOf(second)], createRandom(3));
    const expected = Math.log((high ?? 0) / (low ?? 1)) / 2;
    const width = halfWidth(shifts, ([a = 0, b = 0]) => a - b);
    expect(width / expected).toBeGreaterThan(0.85);
    expect(width / expected).toBeLessThan(1.15);
    expect(halfWidth(shifts, ([a = 0]) => a)).toBeGreaterThan(5 * width);
  });

  it('goes to both sides alike, and is nothing where rounds agree', () => {
    const shifts = roundShifts([logsOf([1, 2, 3]), logsOf([5, 5, 5])], createRandom(0));
    expect(shifts).toHaveLength(drawCount);
    expect(shifts.reduce((sum, [shift = 0]) => sum + shift, 0)).toBeCloseTo(0, 12);
    expect(shifts.every(([, shift = 1]) => Math.abs(shift) === 0)).toBe(true);
  });

  it('is the same for the same rounds, however many another point was measured in', () => {
    const few = logsOf([1, 2, 3]);
    const many = logsOf([null, 5, 6, 7, 8]);
    const alone = roundShifts([few], createRandom(9));
    const beside = roundShifts([many, few], createRandom(9));
    expect(beside.map(([, shift]) => shift)).toEqual(alone.map(([shift]) => shift));
  });
});
