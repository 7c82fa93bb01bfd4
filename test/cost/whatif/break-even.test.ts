import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fleetBreakEven } from '../../../src/cost/whatif/break-even.ts';
import type { FleetTerms } from '../../../src/cost/whatif/fleet-terms.ts';
import { exact } from './sketch-option.ts';

/** Machines that a fleet takes, counted as a fleet is sized. */
function machinesFor(terms: FleetTerms, requestsPerMonth: number): number {
  const needed = Math.ceil(requestsPerMonth / (terms.busyRequestsPerReplica.value * terms.usableShare));
  return Math.ceil((Math.max(terms.minReplicas, needed) + terms.spareReplicas) / terms.replicasPerMachine);
}

const whole = (min: number, max: number) => fc.integer({ min, max });
const terms: fc.Arbitrary<FleetTerms> = fc.record({
  usdPerMachine: whole(50, 500),
  busyRequestsPerReplica: whole(100, 1000).map((requests) => exact(requests)),
  usableShare: fc.constantFrom(1, 0.6, 0.25),
  replicasPerMachine: whole(1, 4),
  minReplicas: whole(1, 5),
  spareReplicas: whole(0, 3),
});

const tried = 60_000;
const loads = Array.from({ length: tried }, (_, index) => index + 1);
const largestMachine = 4 * 1000;

describe('fleetBreakEven', () => {
  it('is the last load at which the fleet is dearer, by trying them all', () => {
    fc.assert(
      fc.property(terms, fc.constantFrom(0.2, 0.5, 1, 2), (fleet, usdPerRequest) => {
        const isDearer = (requests: number): boolean =>
          machinesFor(fleet, requests) * fleet.usdPerMachine > usdPerRequest * requests * (1 + 1e-12);
        const found = fleetBreakEven(fleet, fleet.busyRequestsPerReplica.value, usdPerRequest);
        const last = found?.requestsPerMonth ?? Infinity;
        const dearer = loads.filter(isDearer);
        // Where it never pays, machines are dearer up to any load; else none is beyond the last, which is one.
        expect(found === null || isDearer(last * (1 - 1e-8))).toBe(true);
        expect(dearer.filter((requests) => requests > last * (1 + 1e-8))).toEqual([]);
        expect(found !== null || (dearer.at(-1) ?? 0) > tried - largestMachine).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is F / a where one machine is far from full', () => {
    // $260.61 a month at $0.002 a request.
    const fleet = { ...sample, usdPerMachine: 0.357 * 730 };
    expect(fleetBreakEven(fleet, 1e9, 0.002)?.requestsPerMonth).toBeCloseTo(130_305, 6);
    expect(fleetBreakEven(fleet, 1e9, 0.002)?.machines).toBe(1);
  });

  it('is none where full machines still cost more', () => {
    expect(fleetBreakEven(sample, 1000, 0.1)).toBeNull();
    expect(fleetBreakEven(sample, 1001, 0.1)).not.toBeNull();
  });

  it('is later where an almost full machine is followed by one that is almost empty', () => {
    // A machine costs what 900 requests do and answers 1,000: it takes 9 machines until the next one pays at once.
    const found = fleetBreakEven({ ...sample, usdPerMachine: 90 }, 1000, 0.1);
    expect(found).toEqual({ machines: 9, requestsPerMonth: expect.closeTo(8100, 9) });
  });
});

const sample: FleetTerms = {
  usdPerMachine: 100,
  busyRequestsPerReplica: exact(1000),
  usableShare: 1,
  replicasPerMachine: 1,
  minReplicas: 1,
  spareReplicas: 0,
};
