import { blockQuantiles } from '../stats/block-quantile.ts';
import type { Interval } from '../stats/interval.ts';
import { relativeHalfWidth } from '../stats/interval.ts';
import { logInterval } from '../stats/log-interval.ts';
import { minimumSamples } from '../stats/minimum-samples.ts';
import { median, quantileOfSorted } from '../stats/quantile.ts';
import type { Latency, Point, Round } from './bench-result.ts';

/** Tail percentiles, printed only when all blocks together hold enough runs by MLPerf's rule at 95 % confidence. */
export const tailPercentiles = [0.9, 0.95, 0.99] as const;

type Measured = Pick<
  Point,
  'loadMs' | 'firstRunMs' | 'latencyMs' | 'throughput' | 'cpuUtilization' | 'peakRssBytes' | 'precision'
>;

/** A point's figures from its rounds alone, so that a saved result can be recomputed. At least one round. */
export function summarizePoint(rounds: readonly Round[], batch: number | null, instances = 1): Measured {
  const latencyMs = summarizeLatency(rounds);
  const runsPerSecond = logInterval(rounds.map(({ runs, windowMs }) => (runs / windowMs) * 1000));
  return {
    loadMs: logInterval(rounds.map(({ loadMs }) => loadMs)),
    firstRunMs: logInterval(rounds.map(({ firstRunMs }) => firstRunMs)),
    latencyMs,
    throughput: {
      itemsPerSecond: scale(runsPerSecond, batch ?? 1),
      itemsPerSecondPerInstance: scale(runsPerSecond, (batch ?? 1) / instances),
      runsPerSecond,
    },
    cpuUtilization: mean(rounds.map(({ cpuUtilization }) => cpuUtilization)),
    peakRssBytes: largest(rounds.map(({ peakRssBytes }) => peakRssBytes)),
    precision: relativeHalfWidth(latencyMs.p50),
  };
}

/** The block is the unit of every interval: runs inside one process are not independent of each other. */
function summarizeLatency(rounds: readonly Round[]): Latency {
  const blocks = rounds.map(({ latencyMs }) => latencyMs);
  const samples = blocks.reduce((total, block) => total + block.length, 0);
  const [p90, p95, p99] = blockQuantiles(blocks, tailPercentiles);
  const enough = (p: number, tail: Interval | undefined) =>
    tail !== undefined && samples >= minimumSamples(p) ? tail : null;
  return {
    p50: logInterval(blocks.map(median)),
    p90: enough(0.9, p90),
    p95: enough(0.95, p95),
    p99: enough(0.99, p99),
    mean: logInterval(rounds.map(({ sumMs, runs }) => sumMs / runs)),
    min: Math.min(...rounds.map(({ minMs }) => minMs)),
    max: Math.max(...rounds.map(({ maxMs }) => maxMs)),
    samples,
    spreadWithin: median(blocks.map(spread)),
  };
}

function spread(block: readonly number[]): number {
  const sorted = Float64Array.from(block).toSorted();
  return (quantileOfSorted(sorted, 0.9) - quantileOfSorted(sorted, 0.1)) / quantileOfSorted(sorted, 0.5);
}

function scale({ value, low, high }: Interval, factor: number): Interval {
  return { value: value * factor, low: low === null ? null : low * factor, high: high === null ? null : high * factor };
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0) / known.length;
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
