import type { LatencyLimit, Point } from './bench-result.ts';

export const limitedPercentiles = ['p50', 'p90', 'p95', 'p99'] as const;

/**
 * Whether a point surely keeps a limit: the upper end of the percentile's interval does. Null where the percentile was
 * not told, for it had too few runs.
 */
export function keepsLimit(
  { latencyMs }: Pick<Point, 'latencyMs'>,
  { percentile, limitMs }: LatencyLimit,
): boolean | null {
  const latency = latencyMs?.[percentile] ?? null;
  return latency === null ? null : (latency.high ?? latency.value) <= limitMs;
}
