import { expect, test } from 'vitest';
import { DrawnArrivals } from '../../../src/cost/fleet/drawn-arrivals.ts';
import type { ArrivalPattern } from '../../../src/cost/load.ts';
import { unitArrivals } from '../../../src/stats/arrivals.ts';

function timesOf(pattern: ArrivalPattern): Float64Array {
  if (pattern.kind !== 'trace') throw new Error('not drawn');
  return pattern.timesMs;
}

test('a simulation of fewer requests meets the first of those that a longer one meets', () => {
  const drawn = new DrawnArrivals(3, 1000);
  const pattern = { kind: 'gamma', variation: 2 } as const;
  const all = unitArrivals(pattern, 1000, 3);
  expect(timesOf(drawn.first(1000, pattern))).toEqual(all);
  expect(timesOf(drawn.first(400, pattern))).toEqual(all.slice(0, 400));
  expect(timesOf(drawn.first(1000, { kind: 'poisson' }))).toEqual(unitArrivals({ kind: 'poisson' }, 1000, 3));
});

test('the same pattern is drawn once, until there is no room for another one', () => {
  const requests = 3_000_000;
  const drawn = new DrawnArrivals(3, requests);
  const even = { kind: 'gamma', variation: 0 } as const;
  const first = timesOf(drawn.first(requests, even));
  expect(timesOf(drawn.first(10, even)).buffer).toBe(first.buffer);
  void drawn.first(10, { kind: 'poisson' });
  const again = timesOf(drawn.first(requests, even));
  expect(again.buffer).not.toBe(first.buffer);
  expect(again.at(-1)).toBe(requests);
});

test('a trace stays a trace', () => {
  const trace = { kind: 'trace', timesMs: Float64Array.from([0, 1]), path: 't.csv' } as const;
  expect(new DrawnArrivals(0, 10).first(10, trace)).toBe(trace);
});
