import { describe, expect, it } from 'vitest';
import { erlangB } from '../../../src/cost/queue/erlang.ts';
import { inoueLatencyBound } from '../../../src/cost/queue/inoue.ts';
import { evenServiceWait, pollaczekKhinchineWait } from '../../../src/cost/queue/single-server.ts';
import type { Interval } from '../../../src/stats/interval.ts';
import type { Balancing } from '../../../src/cost/vocabulary.ts';
import { batchingFleet, exponentialRatios, plainFleet, simulated } from './simulated-fleet.ts';

/** Within so many times the half width of the 95 % interval: seeds are fixed, and none of these is a lucky one. */
function expectNear(found: Interval, known: number): void {
  expect(found.high).not.toBeNull();
  expect(Math.abs(found.value - known)).toBeLessThan(1.5 * ((found.high ?? 0) - found.value));
}

/** As near as the errors of both let it be: that of a figure from another simulation is `share` of it. */
function expectWithin(found: Interval, simulated: number, share: number): void {
  const margin = share * simulated + (found.high ?? 0) - found.value;
  expect(Math.abs(found.value - simulated)).toBeLessThan(margin);
  expect(margin / simulated).toBeLessThan(0.35);
}

describe('a simulated single server', () => {
  it.each([0.3, 0.6, 0.8])('waits as Pollaczek and Khinchine say, at a load of %s', (load) => {
    expectNear(simulated(plainFleet, { ratePerMs: load }).waitMs, evenServiceWait(load, 1));
    const ratios = exponentialRatios;
    const exponential = simulated({ ...plainFleet, ratios }, { ratePerMs: load });
    expectNear(exponential.waitMs, pollaczekKhinchineWait({ load, serviceMs: 1, squaredVariation: 1 }));
    // Latency of M/M/1 is exponential.
    expectNear(exponential.p50Ms, Math.log(2) / (1 - load));
    expectNear(exponential.p99Ms, Math.log(100) / (1 - load));
    expectNear(exponential.percentileMs(99.9), Math.log(1000) / (1 - load));
  });

  it('waits for the spread of its service times', () => {
    // Half of the batches take 0.5, half of them 1.5 times as long: a squared variation of 1/4.
    const fleet = { ...plainFleet, ratios: Float64Array.of(0.5, 1.5) };
    const known = pollaczekKhinchineWait({ load: 0.7, serviceMs: 1, squaredVariation: 0.25 });
    expectNear(simulated(fleet, { ratePerMs: 0.7 }).waitMs, known);
  });

  it('is busy for its load and answers what arrives', () => {
    const run = simulated(plainFleet, { ratePerMs: 0.6 });
    expect(run.utilization).toBeCloseTo(0.6, 2);
    expect(Math.abs(run.perSecond / 600 - 1)).toBeLessThan(0.01);
    expect([run.meanBatch, run.rejected, run.served, run.stable]).toEqual([1, 0, 180_000, true]);
  });

  it('turns requests away as M/M/1 with so much room does', () => {
    // At most 4 in the system: three that wait.
    const run = simulated({ ...plainFleet, ratios: exponentialRatios, queueLimit: 3 }, { ratePerMs: 0.9 });
    const lost = ((1 - 0.9) * 0.9 ** 4) / (1 - 0.9 ** 5);
    expect(Math.abs(run.rejected / (run.served + run.rejected) - lost)).toBeLessThan(0.004);
    expect(run.stable).toBe(true);
  });

  it('says when the load is beyond it', () => {
    expect(simulated(plainFleet, { ratePerMs: 1.01, requests: 1000 }).stable).toBe(false);
    const run = simulated(batchingFleet, { ratePerMs: 0.7, requests: 20_000 });
    expect(run.stable).toBe(false);
    // Then all batches are full, and it answers what it can.
    expect(run.meanBatch).toBeGreaterThan(7.99);
    expect(run.perSecond).toBeCloseTo(592.593, 0);
    expect(run.utilization).toBeCloseTo(1, 6);
  });
});

describe('a simulated server with dynamic batching', () => {
  it.each([
    [0.05, 5.24],
    [0.2, 7.08],
    [0.4, 10.251],
    [0.6, 15.619],
    [0.8, 31.195],
  ])('at a load of %s without a largest batch takes %s ms, below the bound of Inoue', (load, knownMs) => {
    const ratePerMs = load / 1.25;
    const { value } = simulated({ ...batchingFleet, maxBatch: 2000 }, { ratePerMs, requests: 200_000 }).meanMs;
    expect(Math.abs(value / knownMs - 1)).toBeLessThan(0.015);
    const bound = inoueLatencyBound({ ratePerMs, alphaMs: 1.25, tau0Ms: 3.5 });
    // The bound is nearly reached under a high load, where the simulation has an error of its own.
    expect(value).toBeLessThan(bound * 1.01);
    expect(value).toBeGreaterThan(bound / 1.045);
  });

  it.each([
    { rate: 0.4, delayMs: 0, mean: 12.46, p99: 24.85, batch: 2.96 },
    { rate: 0.4, delayMs: 2, mean: 12.63, p99: 24.87, batch: 3.11 },
    { rate: 0.4, delayMs: 5, mean: 13.56, p99: 25.33, batch: 3.62 },
    { rate: 0.4, delayMs: 10, mean: 16.93, p99: 27.15, batch: 5.08 },
    { rate: 0.1, delayMs: 0, mean: 6.1, p99: null, batch: null },
    { rate: 0.1, delayMs: 2, mean: 7.53, p99: null, batch: null },
    { rate: 0.1, delayMs: 5, mean: 9.99, p99: null, batch: null },
    { rate: 0.1, delayMs: 10, mean: 14.11, p99: null, batch: null },
  ])('at $rate a ms waits $delayMs ms for more and takes $mean ms', ({ rate, delayMs, mean, p99, batch }) => {
    const run = simulated({ ...batchingFleet, queueDelayMs: delayMs }, { ratePerMs: rate, requests: 200_000 });
    expect(Math.abs(run.meanMs.value / mean - 1)).toBeLessThan(0.01);
    expect(Math.abs(run.p99Ms.value / (p99 ?? run.p99Ms.value) - 1)).toBeLessThan(0.03);
    expect(Math.abs(run.meanBatch / (batch ?? run.meanBatch) - 1)).toBeLessThan(0.01);
  });
});

describe('ten simulated servers at a load of 0.9', () => {
  it.each<{ balancing: Balancing; kind: string; mean: number; p99: number }>([
    { balancing: 'random', kind: 'exponential', mean: 9.89, p99: 43.5 },
    { balancing: 'round-robin', kind: 'exponential', mean: 5.7, p99: 27.8 },
    { balancing: 'two-choices', kind: 'exponential', mean: 3.05, p99: 10.8 },
    { balancing: 'least-outstanding', kind: 'exponential', mean: 1.94, p99: 8.2 },
    { balancing: 'random', kind: 'even', mean: 5.77, p99: 24.2 },
    { balancing: 'round-robin', kind: 'even', mean: 1.36, p99: 3.23 },
    { balancing: 'two-choices', kind: 'even', mean: 1.92, p99: 4.06 },
    { balancing: 'least-outstanding', kind: 'even', mean: 1.47, p99: 3.19 },
  ])('$balancing with $kind service times takes $mean, and $p99 at p99', ({ balancing, kind, mean, p99 }) => {
    const ratios = kind === 'even' ? null : exponentialRatios;
    const fleet = { ...plainFleet, replicas: 10, balancing, ratios };
    const run = simulated(fleet, { ratePerMs: 9, requests: 300_000, seed: 3 });
    expectWithin(run.meanMs, mean, 0.03);
    expectWithin(run.p99Ms, p99, 0.06);
  });

  it('random choices leave each an M/M/1 queue of its own', () => {
    const fleet = { ...plainFleet, replicas: 10, balancing: 'random', ratios: exponentialRatios } as const;
    expectNear(simulated(fleet, { ratePerMs: 9, requests: 300_000, seed: 3 }).meanMs, 10);
  });
});

describe('simulated servers without a queue', () => {
  it('lose what Erlang says, whatever the service times are', () => {
    const fleet = { ...plainFleet, replicas: 10, balancing: 'least-outstanding', queueLimit: 0 } as const;
    for (const ratios of [null, exponentialRatios]) {
      const run = simulated({ ...fleet, ratios }, { ratePerMs: 8 });
      expect(Math.abs(run.rejected / 180_000 - erlangB(10, 8))).toBeLessThan(0.004);
      expect(run.waitMs.value).toBe(0);
    }
  });
});
