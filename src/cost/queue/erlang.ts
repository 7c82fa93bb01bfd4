/** Exponential service and Poisson arrivals at `servers` that share one queue: M/M/c. */
export interface SharedQueue {
  readonly servers: number;
  /** Arrivals in a unit of time. */
  readonly arrivalRate: number;
  /** Of one server, in the same unit. */
  readonly serviceRate: number;
}

/**
 * Probability that all servers are busy where requests that find them so are lost: Erlang's B formula, by the recursion
 * over servers, which overflows for no load.
 *
 * @param offered arrival rate over the service rate of one server
 */
export function erlangB(servers: number, offered: number): number {
  let blocked = 1;
  for (let k = 1; k <= servers; k++) blocked = (offered * blocked) / (k + offered * blocked);
  return blocked;
}

/**
 * Probability that a request waits: Erlang's C formula. 1 where the load is beyond the servers.
 *
 * @param offered arrival rate over the service rate of one server
 */
export function erlangC(servers: number, offered: number): number {
  if (offered >= servers) return 1;
  const blocked = erlangB(servers, offered);
  return blocked / (1 - (offered / servers) * (1 - blocked));
}

/** Mean wait in the queue, in the unit of time of the rates; infinite where the load is beyond the servers. */
export function meanWait({ servers, arrivalRate, serviceRate }: SharedQueue): number {
  const spare = servers * serviceRate - arrivalRate;
  return spare > 0 ? erlangC(servers, arrivalRate / serviceRate) / spare : Number.POSITIVE_INFINITY;
}

/** P[wait > time]: C · exp(-(cμ - λ) · time). */
export function waitTail({ servers, arrivalRate, serviceRate }: SharedQueue, time: number): number {
  const spare = servers * serviceRate - arrivalRate;
  return spare > 0 ? erlangC(servers, arrivalRate / serviceRate) * Math.exp(-spare * time) : 1;
}

/** The wait that a share `p` of the requests does not exceed. */
export function waitQuantile({ servers, arrivalRate, serviceRate }: SharedQueue, p: number): number {
  const spare = servers * serviceRate - arrivalRate;
  if (spare <= 0) return Number.POSITIVE_INFINITY;
  return Math.max(0, Math.log(erlangC(servers, arrivalRate / serviceRate) / (1 - p)) / spare);
}
