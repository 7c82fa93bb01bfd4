import { predictionInterval } from '../stats/prediction-interval.ts';
import type {
  BaselineConditions,
  BaselineEntry,
  BaselineRun,
  BaselineScenario,
  GateBaseline,
} from './gate-baseline.ts';
import { conditionDifferences } from './gate-baseline.ts';
import type { GateMetric } from './gate-vocabulary.ts';
import { exactMetrics } from './gate-vocabulary.ts';
import { mostHistory } from './judge/stored-cell.ts';

export interface NewValue {
  readonly metric: GateMetric;
  readonly value: number;
  readonly tolerance: number;
}

/** One scenario's new figures. */
export interface NewRun {
  readonly scenario: string;
  readonly conditions: BaselineConditions;
  readonly values: readonly NewValue[];
  readonly sha256: string;
  readonly commit: string | null;
}

export interface BaselineUpdate {
  readonly reason: string;
  readonly createdAt: string;
  readonly fingerprint: string;
  readonly runs: readonly NewRun[];
}

/** Of not beginning the history anew for a run like the others. */
const restartConfidence = 0.99;

/** With fewer runs than that their spread is unknown; a change so large begins the history anew all the same. */
const fewRuns = 3;
const largeChange = 0.5;

/**
 * A baseline with new runs. A value beyond the tolerance that the history would hardly have shown is a new level: it was
 * accepted with a reason, and the history begins anew with it.
 */
export function updateBaseline(baseline: GateBaseline, update: BaselineUpdate): GateBaseline {
  const { reason, createdAt } = update;
  const scenarios = update.runs.reduce((all, run) => withRun(all, run, update), baseline.scenarios);
  return { ...baseline, updates: [...baseline.updates, { reason, createdAt }], scenarios };
}

function withRun(scenarios: readonly BaselineScenario[], run: NewRun, update: BaselineUpdate): BaselineScenario[] {
  const old = scenarios.find(({ name }) => name === run.scenario);
  const isSame = old !== undefined && conditionDifferences(old.conditions, run.conditions).length === 0;
  const before = isSame ? old.entries : [];
  const isUpdated = (entry: BaselineEntry) =>
    entry.fingerprint === update.fingerprint && run.values.some(({ metric }) => metric === entry.metric);
  const { createdAt, fingerprint } = update;
  const entries = run.values.map((now) => {
    const { metric, value } = now;
    const entry = before.find((one) => one.metric === metric && one.fingerprint === fingerprint);
    const newest = { value, createdAt, sha256: run.sha256, commit: run.commit };
    return { metric, fingerprint, ...continued(entry, newest, now) };
  });
  const scenario = {
    name: run.scenario,
    conditions: run.conditions,
    entries: [...before.filter((entry) => !isUpdated(entry)), ...entries],
  };
  return old === undefined
    ? [...scenarios, scenario]
    : scenarios.map((one) => (one.name === run.scenario ? scenario : one));
}

function continued(
  entry: BaselineEntry | undefined,
  newest: BaselineRun,
  now: NewValue,
): Pick<BaselineEntry, 'runs' | 'accepted'> {
  if (entry === undefined || isNewLevel(entry.runs, now)) return { runs: [newest], accepted: newest.value };
  return { runs: [...entry.runs, newest].slice(-mostHistory), accepted: entry.accepted };
}

function isNewLevel(runs: readonly BaselineRun[], { metric, value, tolerance }: NewValue): boolean {
  const history = runs.map((run) => run.value);
  if (isExact(metric) || value <= 0 || history.some((past) => past <= 0)) return history.at(-1) !== value;
  const { value: center, low, high } = predictionInterval(history, { confidence: restartConfidence });
  const change = Math.abs(Math.log(value / center));
  if (history.length < fewRuns) return change > Math.log1p(Math.max(tolerance, largeChange));
  return change > Math.log1p(tolerance) && (value < (low ?? 0) || value > (high ?? Infinity));
}

function isExact(metric: GateMetric): boolean {
  return exactMetrics.some((exact) => exact === metric);
}
