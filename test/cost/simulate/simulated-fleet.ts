import type { Simulated, SimulatedFleet, SimulationRequest } from '../../../src/cost/simulate/simulation.ts';
import { simulate } from '../../../src/cost/simulate/simulate.ts';

/** The batching server of the worked examples: τ(b) = 3.5 + 1.25 · b ms, at most 8 items. */
export const batchingFleet: SimulatedFleet = {
  service: { msAt: (batch) => 3.5 + 1.25 * batch },
  ratios: null,
  replicas: 1,
  balancing: 'round-robin',
  maxBatch: 8,
  queueDelayMs: 0,
  queueLimit: null,
};

/** One request at a time, in 1 ms. */
export const plainFleet: SimulatedFleet = { ...batchingFleet, service: { msAt: () => 1 }, maxBatch: 1 };

/** Quantiles of the exponential distribution of mean 1, as many as make its mean and variance right to 1e-3. */
export const exponentialRatios = Float64Array.from({ length: 20_000 }, (_, i) => -Math.log(1 - (i + 0.5) / 20_000));

/** Under Poisson arrivals, unless told otherwise. */
export function simulated(
  fleet: SimulatedFleet,
  request: Pick<SimulationRequest, 'ratePerMs'> & Partial<SimulationRequest>,
): Simulated {
  return simulate({ fleet, arrivals: { kind: 'poisson' }, requests: 200_000, seed: 1, ...request });
}
