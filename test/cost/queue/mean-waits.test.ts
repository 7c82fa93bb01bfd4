import { describe, expect, it } from 'vitest';
import { inoueLatencyBound } from '../../../src/cost/queue/inoue.ts';
import { allenCunneenWait, cosmetatosWait, exponentialServiceWait } from '../../../src/cost/queue/many-servers.ts';
import { evenServiceWait, pollaczekKhinchineWait } from '../../../src/cost/queue/single-server.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';

/** Mean wait of a queue that `servers` share, by playing it: each request goes to whoever is free first. */
function playedWait(servers: number, load: number, requests: number): number {
  const random = createRandom(3, 'shared queue', servers);
  const free = Array.from({ length: servers }, () => 0);
  let time = 0;
  let waits = 0;
  for (let i = 0; i < requests; i++) {
    time -= Math.log(1 - random.next()) / (servers * load);
    let first = 0;
    for (let s = 1; s < servers; s++) if ((free[s] ?? 0) < (free[first] ?? 0)) first = s;
    const start = Math.max(time, free[first] ?? 0);
    waits += start - time;
    free[first] = start + 1;
  }
  return waits / requests;
}

describe('waits of a single server', () => {
  it('are the known ones', () => {
    expect(evenServiceWait(0.8, 1)).toBeCloseTo(2, 12);
    // Twice that with exponential service: M/M/1.
    expect(pollaczekKhinchineWait({ load: 0.8, serviceMs: 1, squaredVariation: 1 })).toBeCloseTo(4, 12);
    expect(pollaczekKhinchineWait({ load: 0.8, serviceMs: 5, squaredVariation: 1 })).toBeCloseTo(20, 12);
    expect(evenServiceWait(1, 1)).toBe(Infinity);
  });

  it('agree with a queue that is played', () => {
    expect(playedWait(1, 0.7, 400_000) / evenServiceWait(0.7, 1)).toBeCloseTo(1, 1);
  });
});

describe('waits of many servers with even service times', () => {
  it.each([
    { servers: 4, half: 0.3728, corrected: 0.3854, simulated: 0.3826 },
    { servers: 16, half: 0.0476, corrected: 0.0526, simulated: 0.0521 },
  ])('$servers of them: half of M/M/c, corrected, is what is simulated', ({ servers, half, corrected, simulated }) => {
    const queue = { servers, load: 0.8, serviceMs: 1 };
    expect(exponentialServiceWait(queue) / 2).toBeCloseTo(half, 4);
    expect(cosmetatosWait(queue)).toBeCloseTo(corrected, 4);
    const played = playedWait(servers, 0.8, 300_000);
    expect(Math.abs(played / simulated - 1)).toBeLessThan(0.03);
    expect(Math.abs(cosmetatosWait(queue) / played - 1)).toBeLessThan(0.03);
  });

  it('need no correction for one, and none wait without a load', () => {
    expect(cosmetatosWait({ servers: 1, load: 0.6, serviceMs: 2 })).toBeCloseTo(evenServiceWait(0.6, 2), 12);
    expect(cosmetatosWait({ servers: 3, load: 0, serviceMs: 2 })).toBe(0);
    expect(cosmetatosWait({ servers: 3, load: 1, serviceMs: 2 })).toBe(Infinity);
  });
});

describe('waits by Allen and Cunneen', () => {
  it('are the exact ones where there are such', () => {
    const poisson = { arrivals: 1, service: 1 };
    const queue = { servers: 10, load: 0.8, serviceMs: 1 };
    expect(allenCunneenWait(queue, poisson)).toBeCloseTo(0.2045900754, 10);
    const single = { servers: 1, load: 0.8, serviceMs: 3 };
    expect(allenCunneenWait(single, { arrivals: 1, service: 0.4 })).toBeCloseTo(
      pollaczekKhinchineWait({ load: 0.8, serviceMs: 3, squaredVariation: 0.4 }),
      12,
    );
  });
});

describe('inoueLatencyBound', () => {
  it.each([
    [0.05, 5.248],
    [0.2, 7.382],
    [0.4, 10.536],
    [0.6, 15.664],
    [0.8, 31.111],
    [0.9, 62.04],
  ])('at a load of %s is %s ms', (load, latencyMs) => {
    expect(inoueLatencyBound({ ratePerMs: load / 1.25, alphaMs: 1.25, tau0Ms: 3.5 })).toBeCloseTo(latencyMs, 2);
  });

  it('is the time of one item without a load, and infinite beyond the capacity', () => {
    expect(inoueLatencyBound({ ratePerMs: 1e-12, alphaMs: 1.25, tau0Ms: 3.5 })).toBeCloseTo(4.75, 9);
    expect(inoueLatencyBound({ ratePerMs: 0.8, alphaMs: 1.25, tau0Ms: 3.5 })).toBe(Infinity);
  });
});
