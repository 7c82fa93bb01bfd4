import type { Interval } from '../../stats/interval.ts';
import type { ArrivalPattern } from '../load.ts';
import type { TimeByBatch } from '../service/service-curve.ts';
import type { Balancing } from '../vocabulary.ts';

/** A fleet of equal replicas, each with a queue and a dynamic batcher of its own. */
export interface SimulatedFleet {
  readonly service: TimeByBatch;
  /** What a service time is multiplied by, drawn anew for each batch; null for none. */
  readonly ratios: Float64Array | null;
  readonly replicas: number;
  readonly balancing: Balancing;
  /** Items a batch holds at most. */
  readonly maxBatch: number;
  /** How long an idle replica waits for a full batch, from the oldest request's arrival on; 0 for not at all. */
  readonly queueDelayMs: number;
  /** Requests that wait at a replica at most; further ones are turned away. Null for no limit. */
  readonly queueLimit: number | null;
}

export interface SimulationRequest {
  readonly fleet: SimulatedFleet;
  readonly arrivals: ArrivalPattern;
  /** Mean rate, requests a millisecond. */
  readonly ratePerMs: number;
  /** Requests to simulate, the warm-up's tenth included. */
  readonly requests: number;
  readonly seed: number;
}

/** Latency from arrival to answer, in ms; intervals by batch means. */
export interface Simulated {
  readonly meanMs: Interval;
  readonly waitMs: Interval;
  readonly p50Ms: Interval;
  readonly p90Ms: Interval;
  readonly p95Ms: Interval;
  readonly p99Ms: Interval;
  /** Latency of any other percentile, in percent. */
  percentileMs(percent: number): Interval;
  /** Requests after the warm-up that were answered; those that were turned away have no latency. */
  readonly served: number;
  readonly rejected: number;
  /** Requests a second that were answered from the warm-up's end to the last arrival. */
  readonly perSecond: number;
  readonly meanBatch: number;
  /** Share of time that a replica is busy. */
  readonly utilization: number;
  /** False where the queue kept growing: the figures only say how long was simulated. */
  readonly stable: boolean;
}
