import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Interval } from '../../../src/stats/interval.ts';
import { balancings } from '../../../src/cost/vocabulary.ts';
import { batchingFleet, exponentialRatios, plainFleet, simulated } from './simulated-fleet.ts';

const covers = ({ low, high }: Interval, known: number): boolean =>
  low !== null && high !== null && low <= known && known <= high;

describe('simulate', () => {
  it('gives the same figures for the same seed and others for another', () => {
    const fleet = { ...batchingFleet, replicas: 3, balancing: 'two-choices', ratios: exponentialRatios } as const;
    const figures = (seed: number): unknown => {
      const { percentileMs, ...rest } = simulated(fleet, { ratePerMs: 0.8, requests: 5000, seed });
      return { ...rest, p999: percentileMs(99.9) };
    };
    expect(figures(4)).toEqual(figures(4));
    expect(figures(5)).not.toEqual(figures(4));
  });

  it('only stretches everything where all times are stretched', () => {
    const cases = fc.record({
      stretch: fc.constantFrom(0.25, 2, 8),
      balancing: fc.constantFrom(...balancings),
      queueDelayMs: fc.constantFrom(0, 3),
      replicas: fc.integer({ min: 1, max: 4 }),
      seed: fc.nat(100),
    });
    fc.assert(
      fc.property(cases, ({ stretch, seed, ...rest }) => {
        const fleet = { ...batchingFleet, ...rest };
        const request = { ratePerMs: 0.3 * rest.replicas, requests: 2000, seed };
        const slow = {
          ...fleet,
          service: { msAt: (batch: number) => fleet.service.msAt(batch) * stretch },
          queueDelayMs: fleet.queueDelayMs * stretch,
        };
        const first = simulated(fleet, request);
        const second = simulated(slow, { ...request, ratePerMs: request.ratePerMs / stretch });
        // Powers of two lose no digit.
        expect(second.p99Ms.value).toBe(first.p99Ms.value * stretch);
        expect(second.meanMs.value / first.meanMs.value).toBeCloseTo(stretch, 9);
        expect(second.utilization).toBeCloseTo(first.utilization, 9);
      }),
      { numRuns: 40 },
    );
  });

  it('meets the same luck with other fleets: a faster one is faster for every request', () => {
    const fleet = { ...plainFleet, ratios: exponentialRatios };
    const slow = simulated({ ...fleet, service: { msAt: () => 1.01 } }, { ratePerMs: 0.7, requests: 20_000 });
    const fast = simulated(fleet, { ratePerMs: 0.7, requests: 20_000 });
    // A percent that the noise of either, ten times as large, would hide.
    expect((slow.meanMs.high ?? 0) - slow.meanMs.value).toBeGreaterThan(0.1);
    for (const percent of [1, 10, 50, 90, 99, 100]) {
      expect(slow.percentileMs(percent).value).toBeGreaterThan(fast.percentileMs(percent).value);
    }
  });

  it('has intervals that hold the truth as often as they say', () => {
    // M/M/1, whose latency is exponential, over runs of 20,000 requests.
    const runs = Array.from({ length: 120 }, (_, seed) =>
      simulated({ ...plainFleet, ratios: exponentialRatios }, { ratePerMs: 0.6, requests: 20_000, seed }),
    );
    const share = (held: (run: (typeof runs)[number]) => boolean): number => runs.filter(held).length / runs.length;
    expect(share((run) => covers(run.meanMs, 2.5))).toBeGreaterThanOrEqual(0.91);
    expect(share((run) => covers(run.waitMs, 1.5))).toBeGreaterThanOrEqual(0.91);
    expect(share((run) => covers(run.p50Ms, 2.5 * Math.log(2)))).toBeGreaterThanOrEqual(0.91);
    expect(share((run) => covers(run.p99Ms, 2.5 * Math.log(100)))).toBeGreaterThanOrEqual(0.88);
  });

  it('plays a trace in a loop, whose loops are no news', () => {
    const timesMs = Float64Array.of(0, 1, 2, 50, 51, 60, 64, 90);
    const arrivals = { kind: 'trace', timesMs, path: 'trace.csv' } as const;
    const ratePerMs = 7 / 90;
    const few = simulated(batchingFleet, { arrivals, ratePerMs, requests: 800 });
    const many = simulated(batchingFleet, { arrivals, ratePerMs, requests: 80_000 });
    // Eight requests again and again: as sure as of eight, however often.
    expect(many.meanMs.value).toBeCloseTo(few.meanMs.value, 6);
    const width = ({ low, high }: Interval): number => (high ?? 0) - (low ?? 0);
    expect(width(many.meanMs) / width(few.meanMs)).toBeCloseTo(1, 1);
    expect(width(few.meanMs)).toBeGreaterThan(1);
  });

  it('tells no interval where there is one request', () => {
    const { value, low, high } = simulated(plainFleet, { ratePerMs: 0.5, requests: 1 }).meanMs;
    expect(value).toBeCloseTo(1, 12);
    expect([low, high]).toEqual([null, null]);
  });

  it('has no figures where everything is turned away, and says so', () => {
    const run = simulated(
      { ...plainFleet, queueLimit: 0, service: { msAt: () => 1e9 } },
      { ratePerMs: 1, requests: 100 },
    );
    expect([run.served, run.rejected, run.p99Ms.low, run.perSecond]).toEqual([0, 90, null, 0]);
  });
});
