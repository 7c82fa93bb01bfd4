import type { BenchResult } from '../../src/bench/bench-result.ts';
import type { LoadRun, LoadTimes, MaxRate } from '../../src/bench/load/load-result.ts';
import { benchResult, estimate, okPoint } from './fixture-bench-result.ts';

function times(p50: number, p99: number | null): LoadTimes {
  return {
    p50: estimate(p50, 0.04),
    p90: estimate(p50 * 1.4, 0.06),
    p95: estimate(p50 * 1.7, 0.08),
    p99: p99 === null ? null : estimate(p99, 0.15),
    mean: estimate(p50 * 1.1, 0.05),
    max: (p99 ?? p50 * 4) * 1.3,
  };
}

interface LoadSketch extends Partial<LoadRun> {
  readonly asked: string;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number | null;
}

/** A run of a model that takes 1.5 ms, at a rate. */
export function loadRun({ perSecond, p50, p99, ...rest }: LoadSketch): LoadRun {
  const requests = rest.requests ?? Math.round(perSecond * 10);
  return {
    offeredPerSecond: perSecond,
    achievedPerSecond: perSecond * 0.998,
    arrivals: 'poisson',
    spanMs: 10_000,
    requests,
    answered: requests,
    latencyMs: times(p50, p99),
    queueMs: times(p50 - 1.4, p99 === null ? null : p99 - 1.5),
    serviceMs: times(1.51, p99 === null ? null : 2.31),
    generatorLatenessMs: { p50: 0.062, p99: 0.184, max: 1.22 },
    latenessLimitMs: 1,
    valid: true,
    stable: true,
    disturbed: [],
    ...rest,
  };
}

const objective = { percentile: 99, limitMs: 20 };
const judged = { ...objective, overs: 12, effectiveSamples: 3104.5 };
const models = ['models/cls.onnx'];

/** Two points under load: rates that meet the objective, miss it, leave it open, are not valid or too much. */
export function loadCase(): BenchResult {
  const loads: readonly LoadRun[] = [
    loadRun({ asked: '0.5x', perSecond: 312.4, p50: 1.93, p99: 6.2, objective: judged, meetsObjective: 'met' }),
    loadRun({ asked: '0.8x', perSecond: 499.8, p50: 3.88, p99: 19.7, objective: judged, meetsObjective: 'undecided' }),
    loadRun({ asked: '600/s', perSecond: 600, p50: 9.4, p99: 44.1, objective: judged, meetsObjective: 'missed' }),
    loadRun({
      asked: 'max',
      perSecond: 0,
      p50: 1,
      p99: 2,
      offeredPerSecond: null,
      achievedPerSecond: 631.2,
      arrivals: 'at-once',
      requests: 6248,
      latencyMs: null,
      queueMs: null,
    }),
  ];
  const others: readonly LoadRun[] = [
    loadRun({
      asked: '0.5x',
      perSecond: 512,
      p50: 2.2,
      p99: 31,
      valid: false,
      generatorLatenessMs: { p50: 0.09, p99: 8.44, max: 21.3 },
      objective: judged,
      meetsObjective: 'undecided',
    }),
    loadRun({
      asked: '1200/s',
      perSecond: 1200,
      p50: 640,
      p99: null,
      answered: 10_400,
      stable: false,
      achievedPerSecond: 832,
      objective: judged,
      meetsObjective: 'missed',
    }),
    loadRun({ asked: '10/s', perSecond: 10, p50: 1.61, p99: null, objective: judged, meetsObjective: 'undecided' }),
  ];
  const points = [
    okPoint(models, { threads: 1, p50: 1.51, rest: { loads: [...loads] } }),
    okPoint(models, { threads: 2, p50: 0.94, rest: { loads: [...others] } }),
  ];
  const result = benchResult(models, points, {
    best: { latency: 1, throughput: 1, knees: [] },
    warnings: [
      { code: 'load-generator-late', details: { asked: '0.5x', lateMs: 8.44, limitMs: 1, requests: 5120 } },
      { code: 'load-unstable', details: { asked: '1200/s', achievedPerSecond: 832, unanswered: 1600 } },
    ],
  });
  return { ...result, settings: { ...result.settings, objective } };
}

function search(rest: Partial<MaxRate>): MaxRate {
  const run = loadRun({ asked: '400/s', perSecond: 400, p50: 2.4, p99: 11, objective: judged, meetsObjective: 'met' });
  return {
    objective,
    status: 'confirmed',
    perSecond: { value: 466.2, low: 466.2, high: 491.7 },
    probes: Array.from({ length: 11 }, () => ({ step: 'bisect', run })),
    ...rest,
  };
}

/** Searches that were confirmed, left open, held back, stopped, or met nothing. */
export function searchCase(): BenchResult {
  const rates: readonly MaxRate[] = [
    search({}),
    search({ status: 'undecided', perSecond: { value: 702, low: null, high: null } }),
    search({ status: 'generator-limited', perSecond: { value: 21_400, low: 21_400, high: null } }),
    search({ status: 'interrupted', perSecond: { value: 400, low: null, high: 800 } }),
    search({ status: 'none', perSecond: { value: null, low: null, high: 12.2 }, probes: [] }),
    search({ status: 'generator-limited', perSecond: { value: null, low: null, high: null } }),
  ];
  const points = rates.map((maxRate, index) => okPoint(models, { threads: index + 1, p50: 1.5, rest: { maxRate } }));
  const result = benchResult(models, points, { interrupted: true });
  return { ...result, settings: { ...result.settings, objective } };
}
