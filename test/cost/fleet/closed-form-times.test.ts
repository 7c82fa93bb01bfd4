import { describe, expect, test } from 'vitest';
import { closedFormTimes } from '../../../src/cost/fleet/closed-form-times.ts';
import { DrawnArrivals } from '../../../src/cost/fleet/drawn-arrivals.ts';
import { simulatedTimes } from '../../../src/cost/fleet/fleet-times.ts';
import type { FleetTimes } from '../../../src/cost/fleet/fleet-times.ts';
import type { Balancing } from '../../../src/cost/vocabulary.ts';
import { curveOf, golden, loadOf, settingsOf } from './sketch-curve.ts';

const ratios = [0.9, 1, 1, 1, 1.2];

interface Served {
  readonly batch: number;
  /** Of the capacity at full batches. */
  readonly load: number;
  readonly replicas?: number;
  readonly balancing?: Balancing;
  readonly times?: { readonly tau0Ms: number; readonly alphaMs: number };
}

function both({ batch, load, replicas = 4, balancing = 'round-robin', times = golden }: Served, requests = 12_000) {
  const curve = curveOf({ ...times, largestBatch: 32, ratios });
  const settings = settingsOf({ balancing, load: loadOf(1) });
  const perSecond = (replicas * load * 1000 * batch) / curve.msAt(batch) / 1.02;
  const fleet = { batch, queueDelayMs: 0, replicas, perSecond, requests };
  const drawn = new DrawnArrivals(settings.seed, requests);
  return { fast: closedFormTimes(curve, settings, fleet), slow: simulatedTimes({ curve, settings, drawn }, fleet) };
}

const ratio = ({ fast, slow }: ReturnType<typeof both>, of: (times: FleetTimes) => number): number =>
  of(fast) / of(slow);

const curves = [golden, { tau0Ms: 10, alphaMs: 0.1 }, { tau0Ms: 0.2, alphaMs: 2 }];
const cases = curves.flatMap((times) =>
  [1, 2, 8, 32].flatMap((batch) => [0.1, 0.3, 0.6].map((load) => ({ times, batch, load }))),
);

/** Of the cases, those whose ratio is outside the bounds. */
function outside(
  of: (times: FleetTimes) => number,
  { balancing, low, high }: { balancing: Balancing; low: number; high: number },
) {
  const ratios = cases.map((served) => ({ ...served, ratio: ratio(both({ ...served, balancing }), of) }));
  return ratios.filter(({ ratio }) => !(ratio > low && ratio < high));
}

describe('up to the default utilization', () => {
  test.each(['round-robin', 'random', 'least-outstanding'] as const)(
    'percentiles are bounds of what simulation finds, means are near or above: %s',
    (balancing) => {
      expect(outside((times) => times.p99Ms.value, { balancing, low: 0.97, high: 6 })).toEqual([]);
      expect(outside((times) => times.meanMs.value, { balancing, low: 0.86, high: 2 })).toEqual([]);
    },
  );

  test('without batches and under Poisson arrivals the mean is that of simulation', () => {
    for (const load of [0.3, 0.6, 0.85]) {
      const found = both({ batch: 1, load, balancing: 'random' }, 150_000);
      expect(ratio(found, (times) => times.meanMs.value)).toBeCloseTo(1, 1);
    }
  });

  test('replicas are as busy as simulation finds them, or taken for busier', () => {
    expect(outside((times) => times.busy, { balancing: 'round-robin', low: 0.97, high: 1.15 })).toEqual([]);
  });
});

test('one server of even single items is M/D/1: half a service time of waiting at a load of one half', () => {
  const curve = curveOf({ tau0Ms: 0, alphaMs: 10 });
  const fleet = { batch: 1, queueDelayMs: 0, replicas: 1, perSecond: 50 };
  expect(closedFormTimes(curve, settingsOf(), fleet).meanMs.value).toBeCloseTo(15, 12);
});

test('bursts make single items wait longer, by half of the squared variation', () => {
  const curve = curveOf({ tau0Ms: 0, alphaMs: 10 });
  const fleet = { batch: 1, queueDelayMs: 0, replicas: 1, perSecond: 50 };
  const mean = (variation: number): number =>
    closedFormTimes(curve, settingsOf({ load: loadOf(50, { arrivals: { kind: 'gamma', variation } }) }), fleet).meanMs
      .value;
  expect(mean(3) - 10).toBeCloseTo(9 * (mean(1) - 10), 9);
  const trace = Float64Array.from([0, 10, 20, 50, 60]);
  const settings = settingsOf({ load: loadOf(50, { arrivals: { kind: 'trace', timesMs: trace, path: 't.csv' } }) });
  // Gaps of 10, 10, 30 and 10: variance 75 over a squared mean of 225.
  expect(closedFormTimes(curve, settings, fleet).meanMs.value - 10).toBeCloseTo((mean(1) - 10) / 3, 9);
});

test('a delay is waited for at most', () => {
  const fleet = { batch: 8, queueDelayMs: 0, replicas: 1, perSecond: 100 };
  const [none, some] = [0, 7].map((queueDelayMs) =>
    closedFormTimes(curveOf(), settingsOf(), { ...fleet, queueDelayMs }),
  );
  expect((some?.p99Ms.value ?? 0) - (none?.p99Ms.value ?? 0)).toBeCloseTo(7, 9);
});

test('a load beyond the capacity is told', () => {
  const fleet = { batch: 8, queueDelayMs: 0, replicas: 1, perSecond: 600 };
  expect(closedFormTimes(curveOf(), settingsOf(), fleet).stable).toBe(false);
});
