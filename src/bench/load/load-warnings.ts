import { minimumSamples } from '../../stats/minimum-samples.ts';
import { median } from '../../stats/quantile.ts';
import type { Point } from '../bench-result.ts';
import type { BenchWarning } from '../bench-warning.ts';
import type { LoadRun } from './load-result.ts';
import type { LoadSettings } from './load-settings.ts';
import { serviceMisses } from './run-loads.ts';

/** A run that took so many times the median, and so long, is a stall. */
const stallRatio = 20;
const stallMs = 100;

/** What a reader should know before believing figures under load, the gravest first. */
export function loadWarnings(points: readonly Point[], settings: LoadSettings | undefined): readonly BenchWarning[] {
  if (settings === undefined) return [];
  const loads = points.flatMap(({ loads: own = [] }) => own);
  const searched = points.flatMap(({ maxRate }) => maxRate?.probes.map(({ run }) => run) ?? []);
  return [
    ...hopeless(points, settings),
    ...late(loads),
    ...unstable(loads),
    ...undecided(loads),
    ...stalled([...loads, ...searched]),
    ...disturbed([...loads, ...searched]),
    ...searches(points),
  ];
}

function hopeless(points: readonly Point[], { objective }: LoadSettings): readonly BenchWarning[] {
  if (objective === null) return [];
  const measured = points.filter(({ rounds }) => rounds.length > 0);
  const missing = measured.filter(({ rounds }) => serviceMisses(rounds, objective));
  if (missing.length === 0) return [];
  const serviceMs = Math.min(...missing.map(({ rounds }) => median(rounds.flatMap(({ latencyMs }) => latencyMs))));
  return [{ code: 'objective-below-service', details: { points: missing.length, ...objective, serviceMs } }];
}

function late(loads: readonly LoadRun[]): readonly BenchWarning[] {
  const invalid = loads.filter(({ valid }) => !valid);
  return invalid.map(({ asked, generatorLatenessMs, latenessLimitMs, requests }) => ({
    code: 'load-generator-late',
    details: { asked, lateMs: generatorLatenessMs.p99, limitMs: latenessLimitMs, requests },
  }));
}

function unstable(loads: readonly LoadRun[]): readonly BenchWarning[] {
  return loads
    .filter(({ stable, valid }) => valid && !stable)
    .map(({ asked, achievedPerSecond, requests, answered }) => ({
      code: 'load-unstable',
      details: { asked, achievedPerSecond, unanswered: requests - answered },
    }));
}

function undecided(loads: readonly LoadRun[]): readonly BenchWarning[] {
  return loads.flatMap(({ asked, objective, meetsObjective, valid, requests }): BenchWarning[] => {
    if (!valid || meetsObjective !== 'undecided' || objective === undefined) return [];
    const { percentile, limitMs } = objective;
    const needed = minimumSamples(percentile / 100);
    return [{ code: 'objective-undecided', details: { asked, percentile, limitMs, requests, needed } }];
  });
}

function stalled(loads: readonly LoadRun[]): readonly BenchWarning[] {
  const stalls = loads.flatMap(({ serviceMs }) => {
    const usualMs = serviceMs?.p50?.value;
    if (serviceMs === null || usualMs === undefined) return [];
    return serviceMs.max >= stallMs && serviceMs.max >= stallRatio * usualMs
      ? [{ worstMs: serviceMs.max, usualMs }]
      : [];
  });
  const [worst] = stalls.toSorted((a, b) => b.worstMs - a.worstMs);
  return worst === undefined ? [] : [{ code: 'load-stalled', details: { runs: stalls.length, ...worst } }];
}

function disturbed(loads: readonly LoadRun[]): readonly BenchWarning[] {
  const runs = loads.filter((load) => load.disturbed.length > 0).length;
  const rules = [...new Set(loads.flatMap((load) => load.disturbed))];
  return runs === 0 ? [] : [{ code: 'load-disturbed', details: { runs, of: loads.length, rules } }];
}

function searches(points: readonly Point[]): readonly BenchWarning[] {
  return points.flatMap(({ maxRate }): BenchWarning[] => {
    const perSecond = maxRate?.perSecond.value ?? null;
    if (maxRate?.status === 'undecided' && perSecond !== null)
      return [{ code: 'max-rate-undecided', details: { perSecond } }];
    return maxRate?.status === 'generator-limited' ? [{ code: 'max-rate-unissuable', details: { perSecond } }] : [];
  });
}
