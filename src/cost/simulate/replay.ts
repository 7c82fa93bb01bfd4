import { runApart } from './run-apart.ts';
import { runTogether } from './run-together.ts';
import type { ServerLog, ServerRun } from './server-run.ts';
import type { Simulated, SimulatedFleet } from './simulation.ts';
import { summarizeRun } from './summarize-run.ts';

export interface ReplayRequest {
  /** Ascending. */
  readonly arrivalsMs: Float64Array;
  /** How long a batch takes, by its number in the order in which batches begin, from 0, and by its size. */
  readonly serviceMs: (batchIndex: number, size: number) => number;
  readonly fleet: Omit<SimulatedFleet, 'service' | 'ratios'>;
  /** For balancings that draw; 0 unless told. */
  readonly seed?: number;
  /** Share of the requests that the figures leave out; 0 unless told. */
  readonly warmUp?: number;
}

/**
 * Plays recorded arrivals and service times through a fleet: with those of a real run it must give the run's latencies.
 *
 * @returns the figures, and the latency of each request in ms, NaN where it was turned away
 */
export function replay(request: ReplayRequest): Simulated & { readonly latencies: Float64Array } {
  const { arrivalsMs, serviceMs, fleet, seed = 0, warmUp = 0 } = request;
  let batches = 0;
  const run: ServerRun = {
    arrivalsMs,
    fleet,
    serviceMs: (_, size) => serviceMs(batches++, size),
    seed,
    warmUp: Math.floor(arrivalsMs.length * warmUp),
  };
  const log = fleet.replicas === 1 && fleet.queueLimit === null ? runApart(run, 'round-robin') : runTogether(run);
  const stable = fleet.queueLimit !== null || keptUp(log, run);
  return Object.assign(summarizeRun(log, { run, stable, period: null }), { latencies: log.latencyMs });
}

/** Whether full batches, as long as they took, were enough for what arrived; one that was never needed is. */
function keptUp({ fullBatches, fullMs }: ServerLog, { arrivalsMs, fleet }: ServerRun): boolean {
  const gapMs = ((arrivalsMs.at(-1) ?? 0) - (arrivalsMs[0] ?? 0)) / (arrivalsMs.length - 1);
  return fullBatches === 0 || fullMs / fullBatches < gapMs * fleet.maxBatch * fleet.replicas;
}
