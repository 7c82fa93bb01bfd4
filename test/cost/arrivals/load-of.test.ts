import { describe, expect, it } from 'vitest';
import { profileNames, profileOf } from '../../../src/cost/arrivals/diurnal.ts';
import { loadOf } from '../../../src/cost/arrivals/load-of.ts';
import { UsageError } from '../../../src/errors.ts';

const rest = { profile: null, arrivals: { kind: 'poisson' }, cacheHit: 0 } as const;

describe('loadOf', () => {
  it('turns a rate into requests of a month of 730 hours, and back', () => {
    expect(loadOf({ ...rest, rps: 10 })).toEqual({
      meanPerSecond: 10,
      peakPerSecond: 10,
      requestsPerMonth: 26_280_000,
      hourly: null,
      arrivals: { kind: 'poisson' },
      cacheHit: 0,
    });
    const load = loadOf({ ...rest, requestsPerMonth: 26_280_000, cacheHit: 0.3 });
    expect(load.meanPerSecond).toBeCloseTo(10, 12);
    expect([load.requestsPerMonth, load.cacheHit]).toEqual([26_280_000, 0.3]);
  });

  it('has its peak in the busiest hour of the day, and the mean over it', () => {
    const hours = Array.from({ length: 24 }, (_, hour) => (hour < 12 ? 1 : 3));
    const load = loadOf({ ...rest, rps: 100, profile: { hours } });
    expect([load.meanPerSecond, load.peakPerSecond]).toEqual([100, 150]);
    expect(load.hourly).toEqual(hours.map((hour) => hour / 2));
  });

  it('has the rate of its trace where none is told', () => {
    const arrivals = { kind: 'trace', timesMs: Float64Array.of(0, 100, 900, 1000), path: 'trace.csv' } as const;
    expect(loadOf({ ...rest, arrivals }).meanPerSecond).toBeCloseTo(3, 12);
    expect(loadOf({ ...rest, arrivals, rps: 7 }).meanPerSecond).toBe(7);
    expect(() => loadOf(rest)).toThrow(RangeError);
  });
});

describe('profileOf', () => {
  it.each(profileNames.filter((name) => name !== 'flat'))('%s has 24 hours of mean 1, and a peak', (name) => {
    const profile = profileOf({ name }) ?? [];
    expect(profile).toHaveLength(24);
    expect(profile.reduce((sum, load) => sum + load, 0) / 24).toBeCloseTo(1, 12);
    expect(Math.max(...profile)).toBeGreaterThan(1.5);
    expect(Math.min(...profile)).toBeGreaterThan(0);
  });

  it('is none for an even load', () => {
    expect(profileOf({ name: 'flat' })).toBeNull();
    expect(profileOf({ hours: Array.from({ length: 24 }, () => 7) })).toBeNull();
  });

  it('suggests the name that was meant', () => {
    expect(() => profileOf({ name: 'ofice' })).toThrow(UsageError);
  });
});
