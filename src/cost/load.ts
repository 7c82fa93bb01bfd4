/** How requests arrive. */
export type ArrivalPattern =
  | { readonly kind: 'poisson' }
  /** A renewal process with gamma gaps of this coefficient of variation; 1 is Poisson, 13.2 a bursty code assistant. */
  | { readonly kind: 'gamma'; readonly variation: number }
  /** Times of arrival, ascending from 0, played in a loop and stretched to the rate that is asked for. */
  | { readonly kind: 'trace'; readonly timesMs: Float64Array; readonly path: string };

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
