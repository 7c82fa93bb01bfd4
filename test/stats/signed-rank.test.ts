import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signedRankAtMost, signedRankCritical } from '../../src/stats/signed-rank-distribution.ts';
import { signedRankUpperTail } from '../../src/stats/signed-rank.ts';

/** Middle rank of each size among all. */
function middleRanks(differences: readonly number[]): number[] {
  const sizes = differences.map(Math.abs);
  return sizes.map((size) => {
    const smaller = sizes.filter((other) => other < size).length;
    const equal = sizes.filter((other) => other === size).length;
    return smaller + (equal + 1) / 2;
  });
}

/** Share of all 2^n signs of the same ranks whose positive ranks add up to at least as much. */
function bruteForce(differences: readonly number[]): number {
  const nonzero = differences.filter((difference) => difference !== 0);
  const ranks = middleRanks(nonzero);
  const seen = ranks.reduce((sum, rank, i) => sum + ((nonzero[i] ?? 0) > 0 ? rank : 0), 0);
  let asLarge = 0;
  for (let signs = 0; signs < 2 ** ranks.length; signs++) {
    const sum = ranks.reduce((total, rank, i) => total + ((signs >> i) & 1 ? rank : 0), 0);
    if (sum >= seen) asLarge++;
  }
  return asLarge / 2 ** ranks.length;
}

describe('signedRankUpperTail', () => {
  it('is the share of all sign assignments, with ties and zeros', () => {
    const tied = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(tied, (differences) => {
        expect(signedRankUpperTail(differences)).toBeCloseTo(bruteForce(differences), 14);
      }),
      { numRuns: 60 },
    );
  });

  it('is the share of all sign assignments, without ties', () => {
    const free = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(free, (differences) => {
        expect(signedRankUpperTail(differences)).toBeCloseTo(bruteForce(differences), 14);
      }),
      { numRuns: 60 },
    );
  });

  it('depends on signs and order of sizes alone', () => {
    const some = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 50 }), (differences, scale) => {
        const p = signedRankUpperTail(differences);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(signedRankUpperTail(differences.map((difference) => (difference / 7) ** 3 * scale))).toBe(p);
        expect(signedRankUpperTail(differences.toReversed())).toBe(p);
      }),
    );
  });

  it('never grows when a difference does', () => {
    // Without ties: making one changes the distribution that the sum is held against.
    const some = fc.uniqueArray(fc.integer({ min: -90, max: 90 }), { minLength: 1, maxLength: 40, selector: Math.abs });
    fc.assert(
      fc.property(some, fc.nat(), (differences, at) => {
        const nonzero = differences.map((difference) => difference + Math.sign(difference + 0.5) / 4);
        const raised = nonzero.with(at % nonzero.length, 100);
        expect(signedRankUpperTail(raised)).toBeLessThanOrEqual(signedRankUpperTail(nonzero) + 1e-14);
      }),
    );
  });

  it('is that of Darwin’s maize', () => {
    const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    expect(signedRankUpperTail(maize)).toBeCloseTo(bruteForce(maize), 14);
    // -48 and -67 have the ranks 10 and 14: 24 of 120 lies between the tabled 0.025 (25) and 0.01 (19).
    expect(signedRankUpperTail(maize)).toBeCloseTo(0.0206, 3);
  });

  it('is 2^-n where all are positive, 1 where none is or all are 0', () => {
    for (const n of [1, 5, 20, 200]) {
      const rising = Array.from({ length: n }, (_, i) => i + 1);
      expect(signedRankUpperTail(rising) / 2 ** -n).toBeCloseTo(1, 12);
      expect(signedRankUpperTail(rising.map((value) => -value))).toBe(1);
    }
    expect(signedRankUpperTail([0, 0, 0])).toBe(1);
    expect(signedRankUpperTail([0, 1, 0, 2])).toBe(0.25);
  });

  it('holds for 200 differences with ties', () => {
    const differences = Array.from({ length: 200 }, (_, i) => ((i * 7919) % 41) - 18);
    const mirrored = differences.map((difference) => -difference);
    const ranks = middleRanks(differences.filter((difference) => difference !== 0)).map((rank) => 2 * rank);
    const positive = differences
      .filter((difference) => difference !== 0)
      .reduce((sum, difference, i) => sum + (difference > 0 ? (ranks[i] ?? 0) : 0), 0);
    const exactly = signedRankAtMost(positive, ranks) - signedRankAtMost(positive - 1, ranks);
    expect(signedRankUpperTail(differences) + signedRankUpperTail(mirrored)).toBeCloseTo(1 + exactly, 12);
  });

  it.each([[[]], [[1, Number.NaN]], [[Number.POSITIVE_INFINITY]]])('refuses %j', (differences) => {
    expect(() => signedRankUpperTail(differences)).toThrow(RangeError);
  });
});

describe('signedRankCritical', () => {
  // Wilcoxon and Wilcox, Some Rapid Approximate Statistical Procedures (1964), table 2: one-sided 0.05, 0.025, 0.01, 0.005.
  it.each([
    [5, [0, null, null, null]],
    [6, [2, 0, null, null]],
    [7, [3, 2, 0, null]],
    [8, [5, 3, 1, 0]],
    [9, [8, 5, 3, 1]],
    [10, [10, 8, 5, 3]],
    [11, [13, 10, 7, 5]],
    [12, [17, 13, 9, 7]],
    [13, [21, 17, 12, 9]],
    [14, [25, 21, 15, 12]],
    [15, [30, 25, 19, 15]],
    [16, [35, 29, 23, 19]],
    [18, [47, 40, 32, 27]],
    [20, [60, 52, 43, 37]],
    [25, [100, 89, 76, 68]],
    [30, [151, 137, 120, 109]],
  ])('of %d differences is as tabled', (n, tabled) => {
    expect([0.05, 0.025, 0.01, 0.005].map((tail) => signedRankCritical(n, tail))).toEqual(tabled);
  });

  it('is the last that is within the tail', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 1e-6, max: 0.5, noNaN: true }), (n, tail) => {
        const ranks = Array.from({ length: n }, (_, i) => i + 1);
        const critical = signedRankCritical(n, tail);
        expect(signedRankAtMost(critical ?? -1, ranks)).toBeLessThanOrEqual(tail * (1 + 1e-12));
        expect(signedRankAtMost((critical ?? -1) + 1, ranks)).toBeGreaterThan(tail);
      }),
    );
  });

  it('refuses no differences and tails that are none', () => {
    expect(() => signedRankCritical(0, 0.05)).toThrow(RangeError);
    expect(() => signedRankCritical(2.5, 0.05)).toThrow(RangeError);
    expect(() => signedRankCritical(5, 0)).toThrow(RangeError);
    expect(() => signedRankCritical(5, 0.6)).toThrow(RangeError);
  });
});
