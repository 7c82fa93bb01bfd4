import type { Balancer } from '../../../src/cost/simulate/balancer.ts';

export interface ReferenceFleet {
  readonly arrivalsMs: readonly number[];
  readonly maxBatch: number;
  readonly queueDelayMs: number;
  readonly queueLimit: number | null;
  readonly replicas: number;
  readonly serviceMs: (first: number, size: number) => number;
  readonly balancer: Balancer;
}

interface Replica {
  queue: number[];
  /** Requests of the running batch. */
  running: number[];
  endMs: number;
}

/**
 * The server by the book and without regard for speed: looks at every replica again whenever anything happens. Arrivals of
 * a moment come before all else.
 *
 * @returns latency of each request; NaN for those turned away
 */
export function referenceLatencies(fleet: ReferenceFleet): number[] {
  const { arrivalsMs, maxBatch, queueDelayMs, balancer } = fleet;
  const replicas: Replica[] = Array.from({ length: fleet.replicas }, () => ({
    queue: [],
    running: [],
    endMs: Infinity,
  }));
  const latencies = arrivalsMs.map(() => Number.NaN);
  let arrived = 0;
  const beginsMs = ({ queue, running }: Replica): number => {
    if (running.length > 0 || queue.length === 0) return Infinity;
    const full = queue[maxBatch - 1];
    const oldest = arrivalsMs[queue[0] ?? 0] ?? 0;
    return Math.min(oldest + queueDelayMs, full === undefined ? Infinity : (arrivalsMs[full] ?? 0));
  };
  for (let now = 0; now < Infinity;) {
    for (; arrived < arrivalsMs.length && (arrivalsMs[arrived] ?? 0) <= now; arrived++) {
      const chosen = balancer.choose();
      const replica = replicas[chosen];
      if (replica === undefined) throw new Error('no such replica');
      const room = (fleet.queueLimit ?? Infinity) + (replica.running.length === 0 ? maxBatch : 0);
      if (replica.queue.length >= room) continue;
      replica.queue.push(arrived);
      balancer.added(chosen);
    }
    for (const [index, replica] of replicas.entries()) {
      if (replica.endMs <= now) {
        for (const request of replica.running) latencies[request] = replica.endMs - (arrivalsMs[request] ?? 0);
        balancer.removed(index, replica.running.length);
        replica.running = [];
        replica.endMs = Infinity;
      }
      if (beginsMs(replica) > now) continue;
      replica.running = replica.queue.splice(0, maxBatch);
      replica.endMs = now + fleet.serviceMs(replica.running[0] ?? 0, replica.running.length);
    }
    now = Math.min(
      arrivalsMs[arrived] ?? Infinity,
      ...replicas.flatMap((replica) => [replica.endMs, beginsMs(replica)]),
    );
  }
  return latencies;
}
