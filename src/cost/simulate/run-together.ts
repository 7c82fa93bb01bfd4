import { createBalancer } from './balancer.ts';
import type { Balancer } from './balancer.ts';
import { EventHeap } from './event-heap.ts';
import { ServerLog } from './server-run.ts';
import type { ServerRun } from './server-run.ts';

/**
 * Plays all replicas by discrete events, for balancings that look at queues and for queues with a limit. Events are
 * arrivals, ends of batches, and ends of waiting for a full batch; a replica has one event ahead at most, so a timer
 * that came to nothing is overwritten and never fires.
 *
 * Arrivals come before other events of the same moment: whatever has arrived when a batch begins is in it.
 */
export function runTogether(run: ServerRun): ServerLog {
  const replicas = new Replicas(run);
  for (let i = 0; i < run.arrivalsMs.length; i++) {
    replicas.advance(run.arrivalsMs[i] ?? 0);
    replicas.arrive(i);
  }
  replicas.advance(Number.POSITIVE_INFINITY);
  return replicas.log;
}

class Replicas {
  readonly log: ServerLog;
  readonly #run: ServerRun;
  readonly #balancer: Balancer;
  readonly #events: EventHeap;
  /** Items in the running batch; 0 for idle. */
  readonly #running: Int32Array;
  /** Queues: the first and the last that waits at each replica, and behind each request the next one. */
  readonly #head: Int32Array;
  readonly #tail: Int32Array;
  readonly #waiting: Int32Array;
  readonly #next: Int32Array;

  constructor(run: ServerRun) {
    const { replicas, balancing } = run.fleet;
    this.#run = run;
    this.log = new ServerLog(run);
    this.#balancer = createBalancer(balancing, replicas, run.seed);
    this.#events = new EventHeap(replicas);
    this.#running = new Int32Array(replicas);
    this.#head = new Int32Array(replicas);
    this.#tail = new Int32Array(replicas);
    this.#waiting = new Int32Array(replicas);
    this.#next = new Int32Array(run.arrivalsMs.length);
  }

  /** Lets everything happen that is due before a moment. */
  advance(timeMs: number): void {
    for (let dueMs = this.#events.firstTime; dueMs < timeMs; dueMs = this.#events.firstTime) {
      const replica = this.#events.first;
      const finished = this.#running[replica] ?? 0;
      if (finished > 0) {
        this.#running[replica] = 0;
        this.#balancer.removed(replica, finished);
      }
      this.#proceed(replica, dueMs);
    }
  }

  arrive(request: number): void {
    const replica = this.#balancer.choose();
    const timeMs = this.#run.arrivalsMs[request] ?? 0;
    if (this.#isFull(replica)) {
      this.log.latencyMs[request] = Number.NaN;
      this.log.waitMs[request] = Number.NaN;
      return;
    }
    this.#balancer.added(replica);
    const waiting = this.#waiting[replica] ?? 0;
    if (waiting === 0) this.#head[replica] = request;
    else this.#next[this.#tail[replica] ?? 0] = request;
    this.#tail[replica] = request;
    this.#waiting[replica] = waiting + 1;
    if (this.#running[replica] !== 0) return;
    if (waiting + 1 >= this.#run.fleet.maxBatch) this.#events.schedule(replica, timeMs);
    else if (waiting === 0) this.#events.schedule(replica, timeMs + this.#run.fleet.queueDelayMs);
  }

  /** The batch that an idle replica is about to begin takes no room in its queue. */
  #isFull(replica: number): boolean {
    const { queueLimit, maxBatch } = this.#run.fleet;
    if (queueLimit === null) return false;
    const room = this.#running[replica] === 0 ? queueLimit + maxBatch : queueLimit;
    return (this.#waiting[replica] ?? 0) >= room;
  }

  /** An idle replica begins a batch, waits for a fuller one, or has nothing to do. */
  #proceed(replica: number, timeMs: number): void {
    const waiting = this.#waiting[replica] ?? 0;
    const { maxBatch, queueDelayMs } = this.#run.fleet;
    const oldestMs = this.#run.arrivalsMs[this.#head[replica] ?? 0] ?? 0;
    if (waiting === 0) this.#events.schedule(replica, Number.POSITIVE_INFINITY);
    else if (waiting >= maxBatch || oldestMs + queueDelayMs <= timeMs) this.#begin(replica, timeMs);
    else this.#events.schedule(replica, oldestMs + queueDelayMs);
  }

  #begin(replica: number, startMs: number): void {
    const { fleet, arrivalsMs, serviceMs } = this.#run;
    const waiting = this.#waiting[replica] ?? 0;
    const size = Math.min(waiting, fleet.maxBatch);
    let request = this.#head[replica] ?? 0;
    const doneMs = startMs + serviceMs(request, size);
    for (let i = 0; i < size; i++) {
      const arrivedMs = arrivalsMs[request] ?? 0;
      this.log.waitMs[request] = startMs - arrivedMs;
      this.log.latencyMs[request] = doneMs - arrivedMs;
      request = this.#next[request] ?? 0;
    }
    this.#head[replica] = request;
    this.#waiting[replica] = waiting - size;
    this.#running[replica] = size;
    this.#events.schedule(replica, doneMs);
    this.log.addBatch(startMs, doneMs, size);
  }
}
