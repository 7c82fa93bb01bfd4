import type { TimeByBatch } from '../service/service-curve.ts';

interface BatchServer {
  readonly service: TimeByBatch;
  /** What service times are multiplied by; null for none. */
  readonly ratios: Float64Array | null;
  readonly maxBatch: number;
  readonly replicas: number;
}

/**
 * Requests a millisecond that servers with dynamic batching can answer: however batches begin, a queue that grows makes
 * all of them full.
 */
export function capacityPerMs(server: BatchServer): number {
  const { service, ratios, maxBatch, replicas } = server;
  return (replicas * maxBatch) / (service.msAt(maxBatch) * meanRatio(ratios));
}

/** ρ = λ · τ(b) / b over the replicas: the share of the capacity that a load takes; from 1 on the queue grows. */
export function loadFactor(server: BatchServer, ratePerMs: number): number {
  return ratePerMs / capacityPerMs(server);
}

export function isStable(server: BatchServer, ratePerMs: number): boolean {
  return loadFactor(server, ratePerMs) < 1;
}

/** 1 without ratios. */
export function meanRatio(ratios: Float64Array | null): number {
  if (ratios === null || ratios.length === 0) return 1;
  return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
}
