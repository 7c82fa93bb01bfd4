import { blindChoice } from './balancer.ts';
import { ServerLog } from './server-run.ts';
import type { ServerRun } from './server-run.ts';

/**
 * Plays replicas one after the other, which is possible where the balancing looks at no queue, or where there is one
 * replica, and where nothing is turned away. Each batch follows from the one before it, so there are no events to sort.
 *
 * Whatever has arrived at the moment when a batch begins is in it, that moment included.
 */
export function runApart(run: ServerRun, balancing: 'round-robin' | 'random'): ServerLog {
  const log = new ServerLog(run);
  for (const requests of share(run, balancing)) playReplica(run, log, requests);
  return log;
}

/** Indices of the requests that each replica serves, ascending. */
function share(run: ServerRun, balancing: 'round-robin' | 'random'): Int32Array[] {
  const { replicas } = run.fleet;
  const count = run.arrivalsMs.length;
  const choose = blindChoice(balancing, replicas, run.seed);
  const chosen = new Int32Array(count);
  const sizes = new Int32Array(replicas);
  for (let i = 0; i < count; i++) {
    const replica = replicas === 1 ? 0 : choose();
    chosen[i] = replica;
    sizes[replica] = (sizes[replica] ?? 0) + 1;
  }
  const shares = Array.from(sizes, (size) => new Int32Array(size));
  const filled = new Int32Array(replicas);
  for (let i = 0; i < count; i++) {
    const replica = chosen[i] ?? 0;
    const place = filled[replica] ?? 0;
    const requests = shares[replica];
    if (requests !== undefined) requests[place] = i;
    filled[replica] = place + 1;
  }
  return shares;
}

function playReplica(run: ServerRun, log: ServerLog, requests: Int32Array): void {
  const { arrivalsMs, serviceMs } = run;
  const { maxBatch, queueDelayMs } = run.fleet;
  const count = requests.length;
  const arrival = (place: number): number => arrivalsMs[requests[place] ?? 0] ?? 0;
  let freeMs = 0;
  let from = 0;
  while (from < count) {
    const fullMs = from + maxBatch <= count ? arrival(from + maxBatch - 1) : Number.POSITIVE_INFINITY;
    const startMs = Math.max(freeMs, Math.min(arrival(from) + queueDelayMs, fullMs));
    let to = from + 1;
    while (to < count && to - from < maxBatch && arrival(to) <= startMs) to += 1;
    const doneMs = startMs + serviceMs(requests[from] ?? 0, to - from);
    for (let place = from; place < to; place++) {
      const request = requests[place] ?? 0;
      const arrivedMs = arrivalsMs[request] ?? 0;
      log.waitMs[request] = startMs - arrivedMs;
      log.latencyMs[request] = doneMs - arrivedMs;
    }
    log.addBatch(startMs, doneMs, to - from);
    freeMs = doneMs;
    from = to;
  }
}
