import type { BenchResult, LatencyLimit, Point } from './bench-result.ts';
import { keepsLimit } from './latency-limit.ts';

/** Gain of throughput per doubling of the batch below which a larger batch is not worth its latency. */
const worthwhileGain = 0.05;

/** Indexes of the points with the lowest p50 and the highest throughput, also within a limit, and the knee of every batch curve. */
export function bestPoints(points: readonly Point[], limit?: LatencyLimit): BenchResult['best'] {
  const measured = points.flatMap((point, index) => (point.status === 'ok' ? [{ point, index }] : []));
  return {
    latency: lowest(measured, latencyMs),
    throughput: fastest(measured),
    ...(limit !== undefined && {
      withinLimit: fastest(measured.filter(({ point }) => isRight(point) && keepsLimit(point, limit) === true)),
    }),
    knees: batchCurves(measured).flatMap(kneeOf),
  };
}

interface Measured {
  readonly point: Point;
  readonly index: number;
}

function fastest(measured: readonly Measured[]): number | null {
  return lowest(measured, (point) => -(rateOf(point) ?? -Infinity));
}

/** Of a model that writes text, the time between tokens: that of a request depends on how much was asked of it. */
function latencyMs({ latencyMs: ofRuns, tokens }: Point): number {
  return tokens?.tpotMs.value ?? ofRuns?.p50.value ?? Infinity;
}

/** Of a model that writes text, the tokens that it writes. */
function rateOf({ throughput, tokens }: Point): number | undefined {
  return tokens?.decodeTokensPerSecond.value ?? throughput?.itemsPerSecond.value;
}

function isRight({ outputsMatchCpu, outputsMatchExpected }: Point): boolean {
  return outputsMatchCpu !== false && outputsMatchExpected !== false;
}

function lowest(measured: readonly Measured[], cost: (point: Point) => number): number | null {
  const sorted = measured.toSorted((a, b) => cost(a.point) - cost(b.point));
  return sorted[0]?.index ?? null;
}

/** Points that differ in batch alone, by rising batch; curves of one point left out. */
function batchCurves(measured: readonly Measured[]): readonly (readonly Measured[])[] {
  const curves = new Map<string, Measured[]>();
  for (const entry of measured) {
    const { modelIndex, ep, threads, instances, requestedDims } = entry.point;
    const key = JSON.stringify([modelIndex, ep, threads, instances, Object.entries(requestedDims).toSorted()]);
    curves.set(key, [...(curves.get(key) ?? []), entry]);
  }
  return [...curves.values()]
    .filter((curve) => curve.length > 1)
    .map((curve) => curve.toSorted((a, b) => (a.point.batch ?? 1) - (b.point.batch ?? 1)));
}

/** The first batch after which a doubling gains less than 5 %; none while the curve still rises. */
function kneeOf(curve: readonly Measured[]): readonly number[] {
  for (const [at, { point, index }] of curve.entries()) {
    const next = curve[at + 1]?.point;
    if (next === undefined) return [];
    const doublings = Math.log2((next.batch ?? 1) / (point.batch ?? 1));
    const gain = itemsPerSecond(next) / itemsPerSecond(point);
    if (gain ** (1 / doublings) - 1 < worthwhileGain) return [index];
  }
  return [];
}

function itemsPerSecond(point: Point): number {
  return rateOf(point) ?? Number.NaN;
}
