import { keepsLimitPhrase } from './bench-limit-text.ts';
import type { BenchResult } from '../bench/bench-result.ts';
import type { Estimate } from '../result/envelope.ts';
import type { Factors, LabeledPoint } from './bench-factors.ts';
import { pointName } from './bench-factors.ts';
import type { Fact } from './fact.ts';
import { formatMs, formatNumber } from './units.ts';

/** The best of several points: for latency, for throughput, for throughput within the limit, and knees of batch curves. */
export function bestFacts(result: BenchResult, rows: readonly LabeledPoint[], factors: Factors): readonly Fact[] {
  const limit = limitFacts(result, rows, factors);
  if (factors.varying.length === 0) return limit;
  const { latency, throughput, knees } = result.best;
  const line = (label: string, index: number | null, text: (row: LabeledPoint) => string | null): Fact[] => {
    const row = index === null ? undefined : rows[index];
    const said = row === undefined ? null : text(row);
    return row === undefined || said === null
      ? []
      : [{ label, text: `${pointName(row, factors)}: ${said}${wrongText(row)}` }];
  };
  const rival = (row: LabeledPoint) => rivalText(row, rows, factors);
  return [
    ...line('Best latency', latency, latencyText),
    ...line('Best throughput', throughput, (row) => addTo(throughputText(row), rival(row))),
    ...limit,
    ...knees.flatMap((knee) => line('Knee', knee, kneeText)),
  ];
}

function limitFacts(result: BenchResult, rows: readonly LabeledPoint[], factors: Factors): readonly Fact[] {
  const { maxLatency } = result.settings;
  if (maxLatency === undefined) return [];
  const label = `Within ${maxLatency.percentile} ${formatMs(maxLatency.limitMs)}`;
  const row = rows[result.best.withinLimit ?? -1];
  if (row === undefined) return [{ label, text: keepsLimitPhrase(rows, maxLatency, factors) }];
  const { value, low, high } = row.point.latencyMs?.[maxLatency.percentile] ?? {
    value: Number.NaN,
    low: null,
    high: null,
  };
  const interval = low === null || high === null ? '' : ` (${formatMs(low)} to ${formatMs(high)})`;
  const text = `${pointName(row, factors)}: ${throughputText(row) ?? ''} at ${maxLatency.percentile} ${formatMs(value)}${interval}`;
  return [{ label, text: `${text}, the most of those that keep it` }];
}

function addTo(text: string | null, more: string): string | null {
  return text === null ? null : `${text}${more}`;
}

/** The next best, where its interval reaches into that of the best: then which is better is not settled. */
function rivalText(best: LabeledPoint, rows: readonly LabeledPoint[], factors: Factors): string {
  const lowest = rateOf(best.point)?.estimate.low ?? null;
  const others = rows.filter((row) => row !== best && row.point.status === 'ok' && row.point.throughput !== null);
  const [next] = others.toSorted((a, b) => itemsPerSecond(b) - itemsPerSecond(a));
  const highest = next === undefined ? null : (rateOf(next.point)?.estimate.high ?? null);
  if (next === undefined || lowest === null || highest === null || highest < lowest) return '';
  return `, not clearly more than ${pointName(next, factors)}`;
}

/** Items, or the tokens of a model that writes text. */
function rateOf({ throughput, tokens }: LabeledPoint['point']): { estimate: Estimate; unit: string } | null {
  if (tokens !== undefined) return { estimate: tokens.decodeTokensPerSecond, unit: 'tokens/s' };
  return throughput === null ? null : { estimate: throughput.itemsPerSecond, unit: 'items/s' };
}

function itemsPerSecond({ point }: LabeledPoint): number {
  return rateOf(point)?.estimate.value ?? -Infinity;
}

function wrongText({ point }: LabeledPoint): string {
  return point.outputsMatchCpu === false || point.outputsMatchExpected === false ? ', but its outputs are wrong' : '';
}

function latencyText({ point: { latencyMs, tokens } }: LabeledPoint): string | null {
  if (tokens !== undefined) return timeText('TPOT', tokens.tpotMs);
  if (latencyMs === null) return null;
  return timeText('p50', latencyMs.p50);
}

function timeText(name: string, { value, low, high }: Estimate): string {
  return `${name} ${formatMs(value)}${low === null || high === null ? '' : ` (${formatMs(low)} to ${formatMs(high)})`}`;
}

function throughputText({ point }: LabeledPoint): string | null {
  const rate = rateOf(point);
  if (rate === null) return null;
  const { value, low, high } = rate.estimate;
  const interval = low === null || high === null ? '' : ` (${formatNumber(low)} to ${formatNumber(high)})`;
  return `${formatNumber(value)} ${rate.unit}${interval}`;
}

function kneeText({ point }: LabeledPoint): string | null {
  const rate = rateOf(point);
  if (rate === null) return null;
  return `${formatNumber(rate.estimate.value)} ${rate.unit}; doubling the batch again gains less than 5 %`;
}
