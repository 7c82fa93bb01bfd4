import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { replay } from '../../../src/cost/simulate/replay.ts';

const fleet = { replicas: 1, balancing: 'round-robin', maxBatch: 4, queueDelayMs: 0, queueLimit: null } as const;

describe('replay', () => {
  it('gives the latencies of a run that is worked out by hand', () => {
    const { latencies, meanMs, meanBatch, served, utilization } = replay({
      // The first alone until 10; 2, 3, 4 and 5 are the next batch until 22; 21 then runs until 27, and 40 alone.
      arrivalsMs: Float64Array.of(0, 2, 3, 4, 5, 21, 40),
      serviceMs: (batch) => [10, 12, 5, 7][batch] ?? Number.NaN,
      fleet,
    });
    expect([...latencies]).toEqual([10, 20, 19, 18, 17, 6, 7]);
    expect(meanMs.value).toBeCloseTo(97 / 7, 12);
    expect([meanBatch, served, utilization]).toEqual([7 / 4, 7, 27 / 40]);
  });

  it('waits for a fuller batch and no longer', () => {
    const { latencies } = replay({
      // 0 waits until 3 with the other one; of the next, the fourth makes the batch full at 13.
      arrivalsMs: Float64Array.of(0, 1, 10, 11, 12, 13, 14),
      serviceMs: () => 2,
      fleet: { ...fleet, queueDelayMs: 3.5 },
    });
    expect([...latencies]).toEqual([5.5, 4.5, 5, 4, 3, 2, 5.5]);
  });

  it('numbers batches in the order in which they begin, over all replicas', () => {
    const order: (readonly [number, number])[] = [];
    replay({
      arrivalsMs: Float64Array.of(0, 1, 2, 3, 4, 5),
      serviceMs: (batch, size) => {
        order.push([batch, size]);
        return batch === 0 ? 100 : 2.5;
      },
      fleet: { ...fleet, replicas: 2 },
    });
    // The second replica takes 1, then 3, then 5; the first one 0, and at 100 what it was dealt out: 2 and 4.
    expect(order).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 2],
    ]);
  });

  it('leaves out a warm-up where it is told to, and says when the queue only grew', () => {
    const random = createRandom(1);
    let time = 0;
    const arrivalsMs = Float64Array.from({ length: 500 }, () => (time += random.next()));
    const busy = replay({ arrivalsMs, serviceMs: () => 3, fleet, warmUp: 0.2 });
    expect([busy.served, busy.stable]).toEqual([400, false]);
    expect(replay({ arrivalsMs, serviceMs: () => 1, fleet }).stable).toBe(true);
    expect(replay({ arrivalsMs, serviceMs: () => 3, fleet: { ...fleet, queueLimit: 8 } }).stable).toBe(true);
  });
});
