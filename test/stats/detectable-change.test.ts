import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectableChange } from '../../src/stats/detectable-change.ts';
import { normalQuantile } from '../../src/stats/normal.ts';
import { pairsToDetect } from '../../src/stats/pairs-to-detect.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { signedRankUpperTail } from '../../src/stats/signed-rank.ts';

const plans = fc.record({
  sd: fc.double({ min: 0.001, max: 0.3, noNaN: true }),
  alpha: fc.double({ min: 0.0005, max: 0.1, noNaN: true }),
  power: fc.double({ min: 0.5, max: 0.95, noNaN: true }),
  tolerance: fc.double({ min: 0, max: 0.2, noNaN: true }),
});

describe('detectableChange', () => {
  it('is null where no result could be significant', () => {
    const plan = { sd: 0.02, alpha: 0.01, tolerance: 0.05 };
    expect(detectableChange({ ...plan, pairs: 6 })).toBeNull();
    expect(detectableChange({ ...plan, pairs: 7 })).not.toBeNull();
    expect(detectableChange({ ...plan, alpha: 2 ** -6, pairs: 6 })).not.toBeNull();
  });

  it('is the tolerance where nothing varies', () => {
    expect(detectableChange({ sd: 0, alpha: 0.01, tolerance: 0.05, pairs: 10 })).toBeCloseTo(0.05, 12);
  });

  it('comes down to the textbook formula with many pairs', () => {
    const plan = { sd: 0.1, alpha: 0.01, power: 0.9, tolerance: 0.05, pairs: 5000 };
    const k = 1.02 * (normalQuantile(0.99) + normalQuantile(0.9));
    expect(detectableChange(plan)).toBeCloseTo(Math.exp(Math.log(1.05) + (k * 0.1) / Math.sqrt(5000)) - 1, 4);
  });

  it.each([
    [7, 0.01],
    [8, 0.01],
    [10, 0.0033],
    [11, 0.001],
    [13, 0.0003],
    [14, 0.0003],
    [20, 0.001],
    [40, 0.01],
  ])('with %d pairs and an alpha of %d is found as often as promised', (pairs, alpha) => {
    const random = createRandom(8, 'power', pairs);
    const change = detectableChange({ sd: 0.05, alpha, tolerance: 0.05, pairs }) ?? Number.NaN;
    const shift = Math.log1p(change) - Math.log(1.05);
    let found = 0;
    for (let gate = 0; gate < 2000; gate++) {
      const differences = Array.from({ length: pairs }, () => shift + 0.05 * random.normal());
      if (signedRankUpperTail(differences) <= alpha) found++;
    }
    expect(found / 2000).toBeGreaterThanOrEqual(0.77);
    expect(found / 2000).toBeLessThanOrEqual(0.9);
  });

  it('refuses plans that are none', () => {
    const plan = { sd: 0.02, alpha: 0.01, tolerance: 0.05, pairs: 10 };
    for (const wrong of [{ sd: -1 }, { alpha: 0 }, { alpha: 0.6 }, { power: 1 }, { tolerance: -1 }, { pairs: 0 }]) {
      expect(() => detectableChange({ ...plan, ...wrong })).toThrow(RangeError);
    }
  });
});

describe('pairsToDetect', () => {
  it('is the fewest pairs that find the change', () => {
    fc.assert(
      fc.property(plans, fc.double({ min: 0.01, max: 1, noNaN: true }), (plan, beyond) => {
        const change = (1 + plan.tolerance) * (1 + beyond) - 1;
        const pairs = pairsToDetect({ ...plan, change });
        fc.pre(pairs !== null && pairs < 1000);
        expect(detectableChange({ ...plan, pairs: pairs ?? 0 })).toBeLessThanOrEqual(change);
        const fewer = Math.max(1, (pairs ?? 0) - 1);
        expect(pairs === 1 || (detectableChange({ ...plan, pairs: fewer }) ?? Infinity) > change).toBe(true);
      }),
    );
  });

  it('never finds what is tolerated, nor what would take millions', () => {
    const plan = { sd: 0.1, alpha: 0.01, tolerance: 0.05 };
    expect(pairsToDetect({ ...plan, change: 0.05 })).toBeNull();
    expect(pairsToDetect({ ...plan, change: 0.0501 })).toBeNull();
    expect(pairsToDetect({ ...plan, sd: 0, change: 0.06 })).toBe(7);
  });
});
