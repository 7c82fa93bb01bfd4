import type { ArrivalPattern } from '../stats/arrivals.ts';

export type { ArrivalPattern } from '../stats/arrivals.ts';

/** What users ask of the service, before any cache. */
export interface Load {
  /** Requests a second, over the whole month. */
  readonly meanPerSecond: number;
  /** In the busiest hour: what the fleet is sized for. */
  readonly peakPerSecond: number;
  readonly requestsPerMonth: number;
  /** Load of each hour of the day over the mean; null for an even load. */
  readonly hourly: readonly number[] | null;
  readonly arrivals: ArrivalPattern;
  /** Share of requests that a cache answers, from 0 to below 1: they never reach the model. */
  readonly cacheHit: number;
}

/** `p99=50ms`: so many percent of the requests are answered within the limit. */
export interface Objective {
  readonly percentile: number;
  readonly limitMs: number;
}
