import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantileAbove, quantileBelow } from '../../src/stats/quantile-limit.ts';

describe('quantileBelow', () => {
  // MLPerf's table of the fewest samples at 99 and 95 % confidence: 662 for p99 is min_query_count of mlperf.conf.
  it.each([
    [0.99, 0.99, 0, 459],
    [0.99, 0.99, 1, 662],
    [0.99, 0.99, 10, 2010],
    [0.99, 0.9, 5, 127],
    [0.95, 0.95, 2, 124],
    [0.95, 0.999, 1, 4742],
  ])('is confident to %d that p%d is kept with %d overs from %d samples on', (confidence, quantile, overs, samples) => {
    expect(quantileBelow({ overs, samples, quantile })).toBeLessThanOrEqual(1 - confidence);
    expect(quantileBelow({ overs, samples: samples - 1, quantile })).toBeGreaterThan(1 - confidence);
  });
});

describe('quantileAbove', () => {
  it('is the closed form for one over and for all', () => {
    expect(quantileAbove({ overs: 1, samples: 30, quantile: 0.9 })).toBeCloseTo(1 - 0.9 ** 30, 12);
    expect(quantileAbove({ overs: 5, samples: 5, quantile: 0.5 })).toBeCloseTo(1 / 32, 12);
    expect(quantileAbove({ overs: 0, samples: 30, quantile: 0.9 })).toBe(1);
  });
});

describe('both tails of a limit', () => {
  const counts = fc
    .record({ samples: fc.integer({ min: 1, max: 3000 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
    .map(({ samples, share }) => ({ samples, overs: Math.round(samples * share) }));
  const quantile = fc.double({ min: 0.05, max: 0.999, noNaN: true });

  it('overlap in the count that was seen', () => {
    fc.assert(
      fc.property(counts, quantile, ({ samples, overs }, quantile) => {
        fc.pre(overs < samples);
        const below = quantileBelow({ overs, samples, quantile });
        expect(below + quantileAbove({ overs: overs + 1, samples, quantile })).toBeCloseTo(1, 9);
      }),
    );
  });

  it('are never smaller where samples count as fewer than are clustered', () => {
    fc.assert(
      fc.property(counts, quantile, fc.integer({ min: 1, max: 9 }), ({ samples, overs }, quantile, copies) => {
        const repeated = { overs: overs * copies, samples: samples * copies, quantile, effectiveSamples: samples };
        expect(quantileAbove(repeated)).toBe(quantileAbove({ overs, samples, quantile }));
        expect(quantileBelow(repeated)).toBe(quantileBelow({ overs, samples, quantile }));
        const between = { ...repeated, effectiveSamples: samples + 0.99 };
        expect(quantileAbove(between)).toBe(quantileAbove(repeated));
      }),
    );
  });

  it.each([
    { overs: 4, samples: 3, quantile: 0.9 },
    { overs: -1, samples: 3, quantile: 0.9 },
    { overs: 0, samples: 0, quantile: 0.9 },
    { overs: 1.5, samples: 3, quantile: 0.9 },
    { overs: 1, samples: 3, quantile: 1 },
    { overs: 1, samples: 3, quantile: 0.9, effectiveSamples: 0 },
  ])('refuse %j', (counts) => {
    expect(() => quantileAbove(counts)).toThrow(RangeError);
    expect(() => quantileBelow(counts)).toThrow(RangeError);
  });
});
