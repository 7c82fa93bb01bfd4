import type { LatencyLimit } from '../bench/bench-result.ts';
import type { Factors, LabeledPoint } from './bench-factors.ts';
import { pointName } from './bench-factors.ts';
import { formatMs } from './units.ts';

/** Why no point keeps the limit, and which comes nearest. */
export function keepsLimitPhrase(
  rows: readonly LabeledPoint[],
  { percentile }: LatencyLimit,
  factors: Factors,
): string {
  const measured = rows.filter(({ point }) => point.status === 'ok' && point.latencyMs !== null);
  const told = measured.flatMap((row) => {
    const latency = row.point.latencyMs?.[percentile] ?? null;
    return latency === null ? [] : [{ row, latency }];
  });
  const [nearest] = told.toSorted((a, b) => (a.latency.high ?? a.latency.value) - (b.latency.high ?? b.latency.value));
  if (measured.length === 0) return 'no point was measured';
  if (nearest === undefined) return `no point has the runs that ${percentile} needs; raise --budget`;
  const { value, high } = nearest.latency;
  const upTo = high === null ? '' : `, up to ${formatMs(high)}`;
  return `no point surely keeps it; the nearest is ${pointName(nearest.row, factors)} with ${formatMs(value)}${upTo}`;
}
