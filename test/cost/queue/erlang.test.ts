import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erlangB, erlangC, meanWait, waitQuantile, waitTail } from '../../../src/cost/queue/erlang.ts';

/** Stationary probabilities of M/M/c from its balance equations, the tail beyond all servers as a geometric series. */
function waitProbability(servers: number, offered: number): number {
  let term = 1;
  let below = 0;
  for (let k = 0; k < servers; k++) {
    below += term;
    term *= offered / (k + 1);
  }
  const beyond = term / (1 - offered / servers);
  return beyond / (below + beyond);
}

const queues = fc
  .record({ servers: fc.integer({ min: 1, max: 60 }), load: fc.double({ min: 0.01, max: 0.98, noNaN: true }) })
  .map(({ servers, load }) => ({ servers, arrivalRate: servers * load * 3, serviceRate: 3 }));

describe('Erlang formulas', () => {
  it('give the figures of the tables', () => {
    expect(erlangC(10, 8)).toBeCloseTo(0.4091801508, 10);
    expect(erlangC(4, 3.2)).toBeCloseTo(0.5964324717, 9);
    expect(meanWait({ servers: 10, arrivalRate: 8, serviceRate: 1 })).toBeCloseTo(0.2045900754, 10);
    // One server: it is busy for its load, and with no queue a share ρ / (1 + ρ) is lost.
    expect(erlangC(1, 0.8)).toBeCloseTo(0.8, 14);
    expect(erlangB(1, 0.8)).toBeCloseTo(0.8 / 1.8, 14);
  });

  it('solve the balance equations', () => {
    fc.assert(
      fc.property(queues, (queue) => {
        const offered = queue.arrivalRate / queue.serviceRate;
        const chance = waitProbability(queue.servers, offered);
        expect(erlangC(queue.servers, offered) / chance).toBeCloseTo(1, 9);
        // The wait is zero or exponential: its mean is the integral of its tail.
        expect(waitTail(queue, 0) / chance).toBeCloseTo(1, 9);
        expect(meanWait(queue) / (chance / (queue.servers * queue.serviceRate - queue.arrivalRate))).toBeCloseTo(1, 9);
      }),
    );
  });

  it('give quantiles that invert the tail', () => {
    fc.assert(
      fc.property(queues, fc.double({ min: 0.5, max: 0.9999, noNaN: true }), (queue, p) => {
        // Where fewer have to wait than may, the quantile is no wait at all.
        const allowed = Math.min(1 - p, waitTail(queue, 0));
        expect(waitTail(queue, waitQuantile(queue, p))).toBeCloseTo(allowed, 9);
      }),
    );
  });

  it('have no end of waiting where the load is beyond the servers', () => {
    const queue = { servers: 2, arrivalRate: 2, serviceRate: 1 };
    expect([meanWait(queue), waitQuantile(queue, 0.5), waitTail(queue, 5), erlangC(2, 2)]).toEqual([
      Infinity,
      Infinity,
      1,
      1,
    ]);
  });
});
