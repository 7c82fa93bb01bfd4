import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bestPlan, candidateBatches } from '../../../src/cost/fleet/choose-batch.ts';
import { capacityReplicas, leastReplicas, meets } from '../../../src/cost/fleet/size-fleet.ts';
import { curveOf, modelOf, settingsOf } from './sketch-curve.ts';

const objective = { percentile: 99, limitMs: 20 };
const model = modelOf(curveOf({ largestBatch: 16 }), settingsOf({ objective, targetUtilization: 1 }));
const demandOf = (perSecond: number, limitMs: number | null) => ({ perSecond, limitMs, effort: 'search' as const });

test('a load takes as many replicas as keep below the target utilization', () => {
  const busy = modelOf(curveOf(), settingsOf());
  // 592.593 items a second, of which 60 % are used.
  expect(capacityReplicas(busy, 355, 8)).toBe(1);
  expect(capacityReplicas(busy, 356, 8)).toBe(2);
  expect(capacityReplicas(busy, 3556, 8)).toBe(11);
  expect(leastReplicas(busy, demandOf(3556, null), { batch: 8, queueDelayMs: 0 })).toBe(11);
});

test('a load of exactly so many replicas takes no further one', () => {
  const even = modelOf(curveOf({ tau0Ms: 0, alphaMs: 1 }), settingsOf({ targetUtilization: 0.7 }));
  for (let replicas = 1; replicas < 50; replicas++) expect(capacityReplicas(even, 700 * replicas, 1)).toBe(replicas);
});

test('the fewest replicas in time are those that trying one after the other finds', () => {
  for (const [perSecond, limitMs] of [
    [800, 12],
    [2000, 16],
    [2000, 9],
    [3000, 7],
  ] as const) {
    const batching = { batch: 8, queueDelayMs: 0 };
    const demand = demandOf(perSecond, limitMs);
    let replicas = capacityReplicas(model, perSecond, 8);
    while (!meets(model, demand, { ...batching, replicas })) replicas += 1;
    expect(leastReplicas(model, demand, batching)).toBe(replicas);
    expect(leastReplicas(model, demand, { ...batching, below: replicas })).toBeNull();
    expect(leastReplicas(model, demand, { ...batching, below: replicas + 1 })).toBe(replicas);
  }
});

test('no fleet answers sooner than one request takes alone', () => {
  expect(leastReplicas(model, demandOf(100, 4.7), { batch: 8, queueDelayMs: 0 })).toBeNull();
  expect(leastReplicas(model, demandOf(100, 4.8), { batch: 8, queueDelayMs: 0 })).toBeGreaterThan(1);
});

test('the plan is as small as the smallest of all batches', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 4000 }), fc.integer({ min: 6, max: 40 }), (perSecond, limitMs) => {
      const demand = demandOf(perSecond, limitMs);
      const each = candidateBatches(model).map((batch) => leastReplicas(model, demand, { batch, queueDelayMs: 0 }));
      const fewest = Math.min(...each.map((replicas) => replicas ?? Number.POSITIVE_INFINITY));
      const plan = bestPlan(model, demand, 0);
      // Of many replicas, each search stops half a percent above the fewest.
      expect(plan?.replicas).toBeLessThanOrEqual(Math.ceil(fewest * 1.005));
      expect(plan?.replicas).toBeGreaterThanOrEqual(Math.floor(fewest / 1.005));
    }),
    { numRuns: 5, seed: 5 },
  );
});

test('a delay is taken where it saves a replica', () => {
  // Time hardly grows with the batch: who starts with one item is busy when the next ones come.
  const flat = modelOf(
    curveOf({ tau0Ms: 10, alphaMs: 0.05, largestBatch: 16 }),
    settingsOf({ objective, targetUtilization: 1 }),
  );
  const plain = bestPlan(flat, demandOf(2000, 21), 0);
  const free = bestPlan(flat, demandOf(2000, 21), null);
  expect(plain?.replicas).toBe(3);
  expect(free).toMatchObject({ replicas: 2, batch: 16 });
  expect(free?.queueDelayMs).toBeCloseTo(2.1, 12);
  const served = meets(flat, demandOf(2000, 21), { batch: 16, queueDelayMs: 2.1, replicas: 2 });
  expect(served).toBe(true);
});

test('where the load alone takes the replicas, nothing waits on purpose', () => {
  expect(bestPlan(model, demandOf(3000, 200), null)?.queueDelayMs).toBe(0);
});

test('batches worth a try are powers of two and what was measured', () => {
  expect(candidateBatches(modelOf(curveOf({ largestBatch: 24 }), settingsOf()))).toEqual([1, 2, 4, 8, 16, 24]);
  expect(candidateBatches(modelOf(curveOf({ largestBatch: 1 }), settingsOf()))).toEqual([1]);
  expect(candidateBatches(modelOf(curveOf(), settingsOf({ batch: 3 })))).toEqual([3]);
});
