/** One server under Poisson arrivals. */
export interface SingleServer {
  /** Arrival rate times mean service time. */
  readonly load: number;
  /** Mean. */
  readonly serviceMs: number;
  /** Variance of service times over their squared mean: 0 for even ones, 1 for exponential ones. */
  readonly squaredVariation: number;
}

/** Mean wait in the queue, in ms: Pollaczek (1930) and Khinchine (1932). Infinite from a load of 1 on. */
export function pollaczekKhinchineWait({ load, serviceMs, squaredVariation }: SingleServer): number {
  if (load >= 1) return Number.POSITIVE_INFINITY;
  return (load * serviceMs * (1 + squaredVariation)) / (2 * (1 - load));
}

/** Mean wait with even service times, in ms: M/D/1, half of that with exponential ones. */
export function evenServiceWait(load: number, serviceMs: number): number {
  return pollaczekKhinchineWait({ load, serviceMs, squaredVariation: 0 });
}
