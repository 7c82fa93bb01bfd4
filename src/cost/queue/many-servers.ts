import { erlangC } from './erlang.ts';

/** Servers that share one queue, with a load each. */
interface ManyServers {
  readonly servers: number;
  /** Share of its time that a server is busy. */
  readonly load: number;
  /** Mean. */
  readonly serviceMs: number;
}

interface Variations {
  /** Variance of the gaps between arrivals over their squared mean; 1 for Poisson. */
  readonly arrivals: number;
  /** The same of service times. */
  readonly service: number;
}

/** Mean wait in the queue with exponential service, in ms: M/M/c. Infinite from a load of 1 on. */
export function exponentialServiceWait({ servers, load, serviceMs }: ManyServers): number {
  if (load >= 1) return Number.POSITIVE_INFINITY;
  return (erlangC(servers, servers * load) * serviceMs) / (servers * (1 - load));
}

/**
 * Mean wait with even service times, in ms: M/D/c by half of M/M/c and Cosmetatos' correction ("Approximate explicit
 * formulae for the average queueing time in the processes (M/D/r) and (D/M/r)", INFOR 13, 1975).
 */
export function cosmetatosWait(queue: ManyServers): number {
  const { servers, load } = queue;
  const correction = ((1 - load) * (servers - 1) * (Math.sqrt(4 + 5 * servers) - 2)) / (16 * load * servers);
  return load === 0 ? 0 : (exponentialServiceWait(queue) / 2) * (1 + correction);
}

/**
 * Mean wait with any gaps and service times, in ms: Allen and Cunneen's approximation of G/G/c (Allen, "Probability,
 * Statistics, and Queueing Theory", 1990). Good above a load of 0.6; far too low where arrivals come in bursts.
 */
export function allenCunneenWait(queue: ManyServers, variations: Variations): number {
  return (exponentialServiceWait(queue) * (variations.arrivals + variations.service)) / 2;
}
