import type { SimulatedFleet } from './simulation.ts';

/** What is played through: requests in the order of their arrival, and how long each batch takes. */
export interface ServerRun {
  /** Ascending, in ms. */
  readonly arrivalsMs: Float64Array;
  readonly fleet: Omit<SimulatedFleet, 'service' | 'ratios'>;
  /** Of a batch by the index of its first request and how many it holds. */
  readonly serviceMs: (first: number, size: number) => number;
  readonly seed: number;
  /** Index of the first request after the warm-up. */
  readonly warmUp: number;
}

/** What came of each request, and of the replicas from the warm-up's end to the last arrival. */
export class ServerLog {
  /** Latency of each request, in ms; NaN where it was turned away. */
  readonly latencyMs: Float64Array;
  /** Of it, until its batch began. */
  readonly waitMs: Float64Array;
  readonly fromMs: number;
  readonly toMs: number;
  busyMs = 0;
  answered = 0;
  batches = 0;
  batched = 0;
  /** Of the largest size, in the warm-up and after the last arrival too. */
  fullBatches = 0;
  fullMs = 0;
  readonly #maxBatch: number;

  constructor(run: ServerRun) {
    const { arrivalsMs, warmUp, fleet } = run;
    this.#maxBatch = fleet.maxBatch;
    this.latencyMs = new Float64Array(arrivalsMs.length);
    this.waitMs = new Float64Array(arrivalsMs.length);
    this.fromMs = arrivalsMs[warmUp] ?? 0;
    this.toMs = arrivalsMs.at(-1) ?? 0;
  }

  addBatch(startMs: number, doneMs: number, size: number): void {
    const busyMs = Math.min(doneMs, this.toMs) - Math.max(startMs, this.fromMs);
    if (busyMs > 0) this.busyMs += busyMs;
    if (doneMs > this.fromMs && doneMs <= this.toMs) this.answered += size;
    if (startMs >= this.fromMs) {
      this.batches += 1;
      this.batched += size;
    }
    if (size === this.#maxBatch) {
      this.fullBatches += 1;
      this.fullMs += doneMs - startMs;
    }
  }
}
