import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBalancer } from '../../../src/cost/simulate/balancer.ts';
import { EventHeap } from '../../../src/cost/simulate/event-heap.ts';
import { OutstandingOrder } from '../../../src/cost/simulate/outstanding-order.ts';
import { byRequest } from '../../../src/cost/simulate/request-random.ts';

/** Who takes a request next, and how many of its requests some replica answers at once. */
const steps = fc.array(fc.record({ replica: fc.nat(), answers: fc.nat(4) }), { maxLength: 400 });

/** How unlike numbers below `bins` are to even ones. */
function chiSquared(draws: readonly number[], bins: number): number {
  const each = draws.length / bins;
  const counts = Array.from({ length: bins }, (_, bin) => draws.filter((draw) => draw === bin).length);
  return counts.reduce((sum, count) => sum + (count - each) ** 2 / each, 0);
}

describe('OutstandingOrder', () => {
  it('keeps the least loaded ones in front', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), steps, (replicas, steps) => {
        const order = new OutstandingOrder(replicas);
        const counts = Array.from({ length: replicas }, () => 0);
        for (const { replica, answers } of steps) {
          const chosen = replica % replicas;
          if (answers === 0) {
            order.add(chosen);
            counts[chosen] = (counts[chosen] ?? 0) + 1;
          } else {
            const gone = Math.min(answers, counts[chosen] ?? 0);
            order.remove(chosen, gone);
            counts[chosen] = (counts[chosen] ?? 0) - gone;
          }
          const least = Math.min(...counts);
          const front = Array.from({ length: order.leastLoaded }, (_, i) => order.at(i)).toSorted((a, b) => a - b);
          expect(front).toEqual(counts.flatMap((count, i) => (count === least ? [i] : [])));
          expect([...order.counts]).toEqual(counts);
        }
      }),
    );
  });

  it('has room for queues of any length', () => {
    const order = new OutstandingOrder(2);
    for (let i = 0; i < 1000; i++) order.add(0);
    expect([order.leastLoaded, order.at(0)]).toEqual([1, 1]);
    order.remove(0, 1000);
    expect(order.leastLoaded).toBe(2);
  });
});

describe('EventHeap', () => {
  it('has the earliest on top', () => {
    const changes = fc.array(fc.tuple(fc.nat(8), fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constant(Infinity))));
    fc.assert(
      fc.property(changes, (changes) => {
        const heap = new EventHeap(9);
        const times = Array.from({ length: 9 }, () => Infinity);
        for (const [replica, time] of changes) {
          heap.schedule(replica, time);
          times[replica] = time;
          const earliest = Math.min(...times);
          expect(heap.firstTime).toBe(earliest);
          expect(heap.first).toBe(times.indexOf(earliest));
        }
      }),
    );
  });
});

describe('createBalancer', () => {
  it('deals out in turn', () => {
    const balancer = createBalancer('round-robin', 3, 0);
    expect(Array.from({ length: 7 }, () => balancer.choose())).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  it('chooses any at random, equally often', () => {
    const balancer = createBalancer('random', 4, 1);
    const choices = Array.from({ length: 8000 }, () => balancer.choose());
    // Of 3 degrees of freedom: above this once in a thousand.
    expect(chiSquared(choices, 4)).toBeLessThan(16.3);
  });

  it('takes the shorter of two different queues, and never the longest of all', () => {
    const balancer = createBalancer('two-choices', 3, 2);
    for (const replica of [2, 2, 1]) balancer.added(replica);
    const choices = Array.from({ length: 6000 }, () => balancer.choose());
    // Two of three pairs have the empty one, the other pair has the middle one.
    expect(Math.abs(choices.filter((choice) => choice === 0).length / 6000 - 2 / 3)).toBeLessThan(0.02);
    expect(choices).not.toContain(2);
  });

  it('finds the only replica there is', () => {
    expect(createBalancer('two-choices', 1, 0).choose()).toBe(0);
  });
});

describe('byRequest', () => {
  it('is even over its range, alike by seed and label, and unlike for others', () => {
    const draw = byRequest(1, 'service', 10);
    const draws = Array.from({ length: 50_000 }, (_, i) => draw(i));
    // Of 9 degrees of freedom: above this once in a thousand.
    expect(chiSquared(draws, 10)).toBeLessThan(27.9);
    const stream = (seed: number, label: string): number[] =>
      Array.from({ length: 30 }, (_, i) => byRequest(seed, label, 1000)(i));
    expect(stream(1, 'service')).toEqual(stream(1, 'service'));
    expect(stream(2, 'service')).not.toEqual(stream(1, 'service'));
    expect(stream(1, 'other')).not.toEqual(stream(1, 'service'));
  });
});
