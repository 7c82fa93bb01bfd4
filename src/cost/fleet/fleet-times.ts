import type { Interval } from '../../stats/interval.ts';
import type { CostSettings } from '../cost-settings.ts';
import type { ServiceCurve } from '../service/service-curve.ts';
import { simulate } from '../simulate/simulate.ts';
import type { Simulated } from '../simulate/simulation.ts';
import type { DrawnArrivals } from './drawn-arrivals.ts';
import { standIn } from './stand-in.ts';

/**
 * A fleet under load in the time of the measuring machine: on one that is slower by a factor, the same happens at as many
 * more requests a second, and everything takes that much longer. So machines of any speed are told by one curve.
 */
export interface FleetCase {
  readonly batch: number;
  readonly queueDelayMs: number;
  readonly replicas: number;
  /** Requests that reach the fleet. */
  readonly perSecond: number;
}

export interface FleetTimes {
  readonly meanMs: Interval;
  readonly p50Ms: Interval;
  readonly p99Ms: Interval;
  /** At the percentile of the objective; p99 without one. */
  readonly objectiveMs: Interval;
  /** Share of time that a replica is busy. */
  readonly busy: number;
  readonly stable: boolean;
  readonly method: 'simulated' | 'closed-form';
}

/** Percentile that latencies are judged by. */
export function percentileOf(settings: Pick<CostSettings, 'objective'>): number {
  return settings.objective?.percentile ?? 99;
}

/** What fleets of one curve have in common. */
export interface CurveTerms {
  readonly curve: ServiceCurve;
  readonly settings: CostSettings;
  readonly drawn: DrawnArrivals;
}

/** Latencies by discrete-event simulation. */
export function simulatedTimes(terms: CurveTerms, fleet: FleetCase & { readonly requests: number }): FleetTimes {
  const simulated = simulatedFleet(terms, fleet);
  return {
    // Quantiles are found when asked for: sorting costs as much as simulating.
    get meanMs() {
      return simulated.meanMs;
    },
    get p50Ms() {
      return simulated.p50Ms;
    },
    get p99Ms() {
      return simulated.p99Ms;
    },
    get objectiveMs() {
      return simulated.percentileMs(percentileOf(terms.settings));
    },
    busy: simulated.utilization,
    stable: simulated.stable,
    method: 'simulated',
  };
}

function simulatedFleet(
  { curve, settings, drawn }: CurveTerms,
  { batch, queueDelayMs, replicas, perSecond, requests }: FleetCase & { readonly requests: number },
): Simulated {
  const { balancing, seed } = settings;
  const arrivals = settings.load?.arrivals ?? { kind: 'poisson' };
  const small = standIn({ replicas, perSecond, arrivals, balancing });
  return simulate({
    fleet: {
      service: curve,
      ratios: curve.ratios.length === 0 ? null : curve.ratios,
      replicas: small.replicas,
      balancing,
      maxBatch: batch,
      queueDelayMs,
      queueLimit: null,
    },
    arrivals: drawn.first(requests, small.arrivals),
    ratePerMs: small.perSecond / 1000,
    requests,
    seed,
  });
}
