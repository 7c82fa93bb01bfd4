import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from '../../src/stats/holm.ts';
import { normalCdf } from '../../src/stats/normal.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 });

/** Holm's steps as he wrote them: the smallest p against alpha / m, the next against alpha / (m - 1), up to the first miss. */
function rejected(given: readonly number[], alpha: number): boolean[] {
  const left = new Set(given.keys());
  const rejections = given.map(() => false);
  while (left.size > 0) {
    const [smallest = 0] = [...left].toSorted((first, second) => (given[first] ?? 0) - (given[second] ?? 0));
    if ((given[smallest] ?? 1) * left.size > alpha) break;
    rejections[smallest] = true;
    left.delete(smallest);
  }
  return rejections;
}

describe('holm', () => {
  it('is R’s p.adjust', () => {
    // p.adjust(c(0.01, 0.02, 0.03, 0.04, 0.05), "holm"), and an order that must be kept.
    expect(holm([0.01, 0.02, 0.03, 0.04, 0.05]).map((p) => p.toFixed(4))).toEqual(
      [0.05, 0.08, 0.09, 0.09, 0.09].map((p) => p.toFixed(4)),
    );
    expect(holm([0.5, 0.001, 0.9, 0.02])).toEqual([1, 0.004, 1, 0.06]);
    expect(holm([])).toEqual([]);
    expect(holm([0.3])).toEqual([0.3]);
  });

  it('rejects what the steps reject', () => {
    fc.assert(
      fc.property(pValues, fc.double({ min: 0.001, max: 0.5, noNaN: true }), (given, alpha) => {
        expect(holm(given).map((p) => p <= alpha)).toEqual(rejected(given, alpha));
      }),
    );
  });

  it('keeps the order of p-values and lies between them and Bonferroni’s', () => {
    fc.assert(
      fc.property(pValues, (given) => {
        const adjusted = holm(given);
        for (const [i, p] of adjusted.entries()) {
          expect(p).toBeGreaterThanOrEqual(given[i] ?? 0);
          expect(p).toBeLessThanOrEqual(Math.min(1, (given[i] ?? 0) * given.length));
          const smaller = adjusted.filter((_, j) => (given[j] ?? 0) < (given[i] ?? 0));
          expect(Math.max(0, ...smaller)).toBeLessThanOrEqual(p);
        }
      }),
    );
  });

  it.each([0, 0.7])('errs anywhere at most as often as alpha, with a correlation of %d', (correlation) => {
    const random = createRandom(3, 'holm', correlation);
    let erred = 0;
    for (let gate = 0; gate < 10_000; gate++) {
      const shared = random.normal() * Math.sqrt(correlation);
      // Eight true hypotheses and two that are false, which leave the others more room.
      const given = Array.from({ length: 10 }, (_, i) =>
        normalCdf((i < 2 ? -4 : 0) + shared + Math.sqrt(1 - correlation) * random.normal()),
      );
      if (holm(given).some((p, i) => i >= 2 && p <= 0.05)) erred++;
    }
    expect(erred / 10_000).toBeLessThanOrEqual(0.055);
  });

  it.each([-0.1, 1.1, Number.NaN])('refuses %d', (p) => {
    expect(() => holm([0.5, p])).toThrow(RangeError);
  });
});
