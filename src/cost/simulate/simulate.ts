import { isStable } from '../queue/batch-stability.ts';
import { unitArrivals } from '../../stats/arrivals.ts';
import { byRequest } from './request-random.ts';
import { runApart } from './run-apart.ts';
import { runTogether } from './run-together.ts';
import type { ServerLog, ServerRun } from './server-run.ts';
import type { Simulated, SimulatedFleet, SimulationRequest } from './simulation.ts';
import { summarizeRun } from './summarize-run.ts';

/** Of the requests: until then the queues fill up from empty. */
const warmUpShare = 0.1;

/**
 * Latencies of a fleet under load by discrete-event simulation, in time linear in the requests. The same seed gives the
 * same figures; arrivals, service times and routing have streams of their own, so that fleets which differ in one thing
 * are compared under the same luck.
 *
 * Where the load is beyond the capacity, `stable` is false and the figures only say how long was simulated.
 */
export function simulate(request: SimulationRequest): Simulated {
  const { fleet, arrivals, ratePerMs, requests, seed } = request;
  const arrivalsMs = unitArrivals(arrivals, requests, seed);
  for (let i = 0; i < requests; i++) arrivalsMs[i] = (arrivalsMs[i] ?? 0) / ratePerMs;
  const run: ServerRun = {
    arrivalsMs,
    fleet,
    serviceMs: serviceTimes(fleet, seed),
    seed,
    warmUp: Math.floor(requests * warmUpShare),
  };
  return summarizeRun(play(run), {
    run,
    stable: fleet.queueLimit !== null || isStable(fleet, ratePerMs),
    period: arrivals.kind === 'trace' ? arrivals.timesMs.length : null,
  });
}

/** Of a batch by its first request, whose luck it is. */
function serviceTimes(fleet: SimulatedFleet, seed: number): ServerRun['serviceMs'] {
  const { service, maxBatch, ratios } = fleet;
  const bySize = Float64Array.from({ length: maxBatch + 1 }, (_, size) => (size === 0 ? 0 : service.msAt(size)));
  if (ratios === null || ratios.length === 0) return (_, size) => bySize[size] ?? 0;
  const draw = byRequest(seed, 'service', ratios.length);
  return (first, size) => (bySize[size] ?? 0) * (ratios[draw(first)] ?? 1);
}

function play(run: ServerRun): ServerLog {
  const { balancing, replicas, queueLimit } = run.fleet;
  if (queueLimit !== null) return runTogether(run);
  if (replicas === 1) return runApart(run, 'round-robin');
  return balancing === 'round-robin' || balancing === 'random' ? runApart(run, balancing) : runTogether(run);
}
