import type { ArrivalPattern } from '../load.ts';
import { traceGap } from '../../stats/arrivals.ts';
import type { Balancing } from '../vocabulary.ts';

/** Replicas under a load, and how requests come to them. */
export interface BalancedFleet {
  readonly replicas: number;
  readonly perSecond: number;
  readonly arrivals: ArrivalPattern;
  readonly balancing: Balancing;
}

/** More replicas than these hardly pool any better, and each needs its requests to be simulated. */
const mostSimulated = 64;

/**
 * A small fleet whose requests wait as those of a large one do, so that the time to simulate does not grow with the
 * fleet.
 *
 * Dealt out in turn, each of N replicas gets every N-th request: one replica tells all, under gaps that are the sum of N.
 * Random choices leave a Poisson process one. Other fleets are seen as groups of at most 64 replicas to which requests
 * are dealt out in turn, which pools a little less than one large group.
 */
export function standIn(fleet: BalancedFleet): BalancedFleet {
  const groups = Math.ceil(fleet.replicas / mostReplicas(fleet));
  if (groups === 1) return fleet;
  const replicas = Math.round(fleet.replicas / groups);
  const share = fleet.replicas / replicas;
  return {
    balancing: fleet.balancing,
    replicas,
    perSecond: fleet.perSecond / share,
    arrivals: everyNth(fleet, share),
  };
}

function mostReplicas({ arrivals, balancing }: BalancedFleet): number {
  if (balancing === 'round-robin') return arrivals.kind === 'trace' ? mostSimulated : 1;
  return balancing === 'random' && arrivals.kind === 'poisson' ? 1 : mostSimulated;
}

/** What one group sees of the arrivals. */
function everyNth({ arrivals, balancing }: BalancedFleet, n: number): ArrivalPattern {
  if (arrivals.kind === 'trace') return { ...arrivals, timesMs: everyNthTime(arrivals.timesMs, Math.round(n)) };
  const variation = arrivals.kind === 'poisson' ? 1 : arrivals.variation;
  if (balancing !== 'random') return { kind: 'gamma', variation: variation / Math.sqrt(n) };
  // Thinned at random, what is left of the dispersion is that of a Poisson process.
  return variation === 1 ? arrivals : { kind: 'gamma', variation: Math.sqrt(1 + (variation * variation - 1) / n) };
}

/** As many times again, from as many loops of the trace as are skipped over. */
function everyNthTime(timesMs: Float64Array, n: number): Float64Array {
  const { length } = timesMs;
  const loopMs = traceGap(timesMs) * length;
  return timesMs.map((_, i) => {
    const place = i * n;
    const loop = Math.floor(place / length);
    return (timesMs[place - loop * length] ?? 0) + loop * loopMs;
  });
}
