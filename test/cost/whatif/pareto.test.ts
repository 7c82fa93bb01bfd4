import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paretoMarks } from '../../../src/cost/whatif/pareto.ts';
import type { Weighed } from '../../../src/cost/whatif/pareto.ts';

const weighed = (usd: number | null, value: number | null, higherIsBetter = true, metric = 'accuracy'): Weighed => ({
  usdPerMillion: usd,
  accuracy: value === null ? null : { metric, higherIsBetter, value },
});

describe('paretoMarks', () => {
  it('marks the same models that walking from the cheapest up finds, each better than all before', () => {
    const place = fc.record({ usd: fc.integer({ min: 1, max: 6 }), value: fc.integer({ min: 1, max: 6 }) });
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 12 }), (places) => {
        const front = new Set<string>();
        let best = -Infinity;
        for (const { usd, value } of places.toSorted((a, b) => a.usd - b.usd || b.value - a.value)) {
          if (value > best) front.add(`${usd} ${value}`);
          best = Math.max(best, value);
        }
        const expected = places.map(({ usd, value }) => front.has(`${usd} ${value}`));
        expect(paretoMarks(places.map(({ usd, value }) => weighed(usd, value)))).toEqual(expected);
        // The same where less is better.
        expect(paretoMarks(places.map(({ usd, value }) => weighed(usd, -value, false)))).toEqual(expected);
      }),
    );
  });

  it('marks both of two that are alike', () => {
    expect(paretoMarks([weighed(1, 0.9), weighed(1, 0.9), weighed(1, 0.8)])).toEqual([true, true, false]);
  });

  it('tells nothing of a model without a cost or an accuracy, which spoils no other mark', () => {
    expect(paretoMarks([weighed(null, 0.99), weighed(0.1, null), weighed(2, 0.9)])).toEqual([null, null, true]);
  });

  it('compares no two metrics', () => {
    expect(paretoMarks([weighed(1, 0.9), weighed(2, 0.95, true, 'f1')])).toEqual([null, null]);
  });
});
