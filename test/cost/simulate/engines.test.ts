import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBalancer } from '../../../src/cost/simulate/balancer.ts';
import { runApart } from '../../../src/cost/simulate/run-apart.ts';
import { runTogether } from '../../../src/cost/simulate/run-together.ts';
import type { ServerRun } from '../../../src/cost/simulate/server-run.ts';
import { balancings } from '../../../src/cost/vocabulary.ts';
import { referenceLatencies } from './reference-server.ts';

/** Gaps and service times in whole and half milliseconds, so that much happens at the same moment. */
const runs = fc.record({
  gaps: fc.array(fc.constantFrom(0, 0.5, 1, 3, 20), { minLength: 1, maxLength: 120 }),
  replicas: fc.integer({ min: 1, max: 5 }),
  maxBatch: fc.integer({ min: 1, max: 5 }),
  queueDelayMs: fc.constantFrom(0, 0.5, 4),
  balancing: fc.constantFrom(...balancings),
  seed: fc.integer({ min: 0, max: 1000 }),
  perItemMs: fc.constantFrom(0.25, 1, 2.5),
});

type RunCase = typeof runs extends fc.Arbitrary<infer T> ? T : never;

function serverRun(example: RunCase, queueLimit: number | null): ServerRun {
  const { gaps, replicas, maxBatch, queueDelayMs, balancing, seed, perItemMs } = example;
  let time = 0;
  return {
    arrivalsMs: Float64Array.from(gaps, (gap) => (time += gap)),
    fleet: { replicas, balancing, maxBatch, queueDelayMs, queueLimit },
    serviceMs: (first, size) => 0.5 + perItemMs * size * (1 + (first % 3)),
    seed,
    warmUp: 0,
  };
}

function expected(run: ServerRun): number[] {
  const { balancing, replicas } = run.fleet;
  return referenceLatencies({
    ...run.fleet,
    arrivalsMs: [...run.arrivalsMs],
    serviceMs: run.serviceMs,
    balancer: createBalancer(balancing, replicas, run.seed),
  });
}

/** Equal but for the last bit, for the reference adds up in another order. */
function expectSame(found: Float64Array, expected: readonly number[]): void {
  const rounded = (latencies: Iterable<number>): number[] => Array.from(latencies, (ms) => Math.round(ms * 1e6));
  expect(rounded(found)).toEqual(rounded(expected));
}

describe('a fleet that is played by events', () => {
  it('does what the reference does', () => {
    fc.assert(
      fc.property(runs, fc.option(fc.integer({ min: 0, max: 3 })), (example, queueLimit) => {
        const run = serverRun(example, queueLimit);
        expectSame(runTogether(run).latencyMs, expected(run));
      }),
      { numRuns: 500 },
    );
  });
});

describe('replicas that are played one after the other', () => {
  it('do what they do together, in everything that is told of them', () => {
    fc.assert(
      fc.property(runs, fc.constantFrom('round-robin', 'random'), (example, balancing) => {
        const run = serverRun({ ...example, balancing }, null);
        const apart = runApart(run, balancing);
        const together = runTogether(run);
        expect(apart.latencyMs).toEqual(together.latencyMs);
        expect(apart.waitMs).toEqual(together.waitMs);
        expect([apart.answered, apart.batches, apart.batched, apart.fullBatches]).toEqual([
          together.answered,
          together.batches,
          together.batched,
          together.fullBatches,
        ]);
        expect(apart.busyMs).toBeCloseTo(together.busyMs, 9);
        expect(apart.fullMs).toBeCloseTo(together.fullMs, 9);
      }),
      { numRuns: 300 },
    );
  });
});

describe('both', () => {
  it('answer everything in batches of at most the largest size, and are busy for their service times', () => {
    fc.assert(
      fc.property(runs, (example) => {
        const run = serverRun(example, null);
        const log = runTogether(run);
        expect(log.batched).toBe(run.arrivalsMs.length);
        expect(log.batched).toBeLessThanOrEqual(log.batches * run.fleet.maxBatch);
        expect([...log.latencyMs].every((latency, i) => latency > (log.waitMs[i] ?? 0))).toBe(true);
        expect(log.busyMs).toBeLessThanOrEqual((log.toMs - log.fromMs) * run.fleet.replicas + 1e-9);
      }),
    );
  });
});
