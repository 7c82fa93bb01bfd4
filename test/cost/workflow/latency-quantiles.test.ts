import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latencyQuantiles } from '../../../src/cost/workflow/latency-quantiles.ts';
import type { LatencyFigures } from '../../../src/cost/workflow/latency-quantiles.ts';

/** By the midpoint rule, in the variable that makes the tail's end smooth. */
function meanOf(quantile: (share: number) => number): number {
  const steps = 4000;
  let sum = 0;
  // share = 1 - (1 - t)^3, whose derivative is 3 (1 - t)^2.
  for (let i = 0; i < steps; i++) {
    const left = 1 - (i + 0.5) / steps;
    sum += (quantile(1 - left ** 3) * 3 * left ** 2) / steps;
  }
  return sum;
}

function expectFigures(figures: LatencyFigures): void {
  const quantile = latencyQuantiles(figures);
  expect(quantile(0.5) / figures.p50).toBeCloseTo(1, 9);
  expect(quantile(0.99) / figures.p99).toBeCloseTo(1, 9);
  expect(meanOf(quantile) / figures.mean).toBeCloseTo(1, 3);
  expect(quantile(0)).toBeGreaterThanOrEqual(0);
}

describe('latencyQuantiles', () => {
  it('has the mean, median and p99 that it was made of', () => {
    const share = fc.double({ min: 0.04, max: 1.2, noNaN: true });
    const above = fc.double({ min: 0, max: 0.08, noNaN: true });
    fc.assert(
      fc.property(share, above, fc.double({ min: 0.1, max: 100, noNaN: true }), (spread, skew, p50) => {
        expectFigures({ mean: p50 * (1 + spread * skew), p50, p99: p50 * (1 + spread) });
      }),
    );
  });

  it('makes the tail longer or shorter where no shortest latency makes up for the mean', () => {
    expectFigures({ mean: 10 + 90 * 0.3, p50: 10, p99: 100 });
    expectFigures({ mean: 10, p50: 10, p99: 100 });
  });

  it('is the exponential distribution from the median on where the figures are its own', () => {
    const quantile = latencyQuantiles({ mean: 1, p50: Math.LN2, p99: Math.log(100) });
    for (const share of [0.6, 0.9, 0.95, 0.999]) expect(quantile(share)).toBeCloseTo(-Math.log(1 - share), 9);
  });

  it('never varies where p99 is the median', () => {
    const quantile = latencyQuantiles({ mean: 5, p50: 5, p99: 5 });
    expect([0, 0.3, 0.5, 0.999].map(quantile)).toEqual([5, 5, 5, 5]);
  });
});
