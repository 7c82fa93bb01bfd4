import { expect, test } from 'vitest';
import { standIn } from '../../../src/cost/fleet/stand-in.ts';
import type { BalancedFleet } from '../../../src/cost/fleet/stand-in.ts';
import { simulate } from '../../../src/cost/simulate/simulate.ts';
import type { Simulated } from '../../../src/cost/simulate/simulation.ts';
import { curveOf } from './sketch-curve.ts';

const service = curveOf({ largestBatch: 8 });

/** @param requests enough for the replicas to have hundreds each */
function play(fleet: BalancedFleet, requests: number): Simulated {
  const { replicas, balancing, arrivals, perSecond } = fleet;
  return simulate({
    fleet: { service, ratios: null, replicas, balancing, maxBatch: 8, queueDelayMs: 0, queueLimit: null },
    arrivals,
    ratePerMs: perSecond / 1000,
    requests,
    seed: 3,
  });
}

function expectAlike(fleet: BalancedFleet, tolerance: number): void {
  const whole = play(fleet, 120_000);
  const small = play(standIn(fleet), 60_000);
  expect(small.meanMs.value / whole.meanMs.value).toBeGreaterThan(1 - tolerance);
  expect(small.meanMs.value / whole.meanMs.value).toBeLessThan(1 + tolerance);
  expect(small.p99Ms.value / whole.p99Ms.value).toBeGreaterThan(1 - 2 * tolerance);
  expect(small.p99Ms.value / whole.p99Ms.value).toBeLessThan(1 + 2 * tolerance);
}

test('of replicas that get their requests in turn one tells all, for any gamma gaps', () => {
  for (const variation of [1, 0.5, 3]) {
    const fleet = {
      replicas: 7,
      perSecond: 7 * 400,
      balancing: 'round-robin',
      arrivals: { kind: 'gamma', variation },
    } as const;
    expect(standIn(fleet)).toMatchObject({ replicas: 1, perSecond: 400 });
    expectAlike(fleet, 0.02);
  }
  expectAlike({ replicas: 7, perSecond: 7 * 400, balancing: 'round-robin', arrivals: { kind: 'poisson' } }, 0.02);
});

test('random choices leave a Poisson process one', () => {
  const fleet = { replicas: 10, perSecond: 4000, balancing: 'random', arrivals: { kind: 'poisson' } } as const;
  expect(standIn(fleet)).toEqual({ ...fleet, replicas: 1, perSecond: 400 });
  expectAlike(fleet, 0.02);
});

test('a large fleet is told by a group of it, whose requests are dealt out in turn', () => {
  for (const balancing of ['least-outstanding', 'two-choices'] as const) {
    const fleet = { replicas: 192, perSecond: 192 * 480, balancing, arrivals: { kind: 'poisson' } } as const;
    expect(standIn(fleet)).toMatchObject({ replicas: 64, perSecond: 64 * 480 });
    expectAlike(fleet, 0.02);
  }
});

test('bursts are thinned as the dispersion of a random share is', () => {
  const fleet = {
    replicas: 128,
    perSecond: 128,
    balancing: 'random',
    arrivals: { kind: 'gamma', variation: 3 },
  } as const;
  const { arrivals } = standIn(fleet);
  expect(arrivals).toEqual({ kind: 'gamma', variation: Math.sqrt(1 + 8 / 2) });
});

test('a group sees every n-th request of a trace, over as many loops', () => {
  const timesMs = Float64Array.from([0, 1, 5, 6, 12]);
  const fleet = {
    replicas: 128,
    perSecond: 10,
    balancing: 'least-outstanding',
    arrivals: { kind: 'trace', timesMs, path: 't.csv' },
  } as const;
  const { arrivals, perSecond, replicas } = standIn(fleet);
  expect({ perSecond, replicas }).toEqual({ perSecond: 5, replicas: 64 });
  // Requests 0, 2, 4 of the first loop, then 1 and 3 of the second, which begins a mean gap of 3 ms after the first ends.
  expect(arrivals).toMatchObject({ kind: 'trace', timesMs: Float64Array.from([0, 5, 12, 16, 21]) });
});

test('a small fleet stands for itself', () => {
  const fleet = { replicas: 64, perSecond: 10, balancing: 'two-choices', arrivals: { kind: 'poisson' } } as const;
  expect(standIn(fleet)).toBe(fleet);
});
