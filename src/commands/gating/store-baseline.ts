import type { GateResult, GateScenarioResult } from '../../gate/gate-result.ts';
import type { GateWarning } from '../../gate/gate-warning.ts';
import { exactMetrics, measuredMetrics } from '../../gate/gate-vocabulary.ts';
import { headFigures } from '../../gate/scenario-blocks.ts';
import type { NewRun, NewValue } from '../../gate/update-baseline.ts';
import { updateBaseline } from '../../gate/update-baseline.ts';
import { median } from '../../stats/quantile.ts';
import type { GateRequest } from '../gate-request.ts';
import type { GateSession } from './gate-session.ts';

/** Writes the heads' figures to the stored baseline, where that was asked for: it is what accepts them. */
export function storeBaseline(
  result: GateResult,
  { store, prepared }: GateSession,
  { baseline }: GateRequest,
): readonly GateWarning[] {
  const reason = baseline?.update ?? null;
  if (store === null || reason === null) return [];
  const { path } = store;
  if (result.interrupted) return [{ code: 'baseline-kept', details: { path, because: 'interrupted' } }];
  if (result.scenarios.some(({ failedArm }) => failedArm === 'head'))
    return [{ code: 'baseline-kept', details: { path, because: 'scenario-failed' } }];
  const runs = result.scenarios.map((scenario): NewRun => {
    const found = prepared.find((one) => one.scenario.name === scenario.name);
    if (found === undefined) throw new RangeError(`scenario ${scenario.name} was not prepared`);
    const { sha256, commit } = scenario.head;
    return { scenario: scenario.name, conditions: found.conditions, values: valuesOf(scenario), sha256, commit };
  });
  const { createdAt, environment } = result;
  store.write((old) => updateBaseline(old, { reason, createdAt, fingerprint: environment.fingerprint, runs }));
  const metrics = runs.reduce((sum, { values }) => sum + values.length, 0);
  return [{ code: 'baseline-updated', details: { path, reason, metrics } }];
}

/** Whatever was measured, and all exact figures: a rule that comes later has its history then. */
function valuesOf(scenario: GateScenarioResult): readonly NewValue[] {
  const toleranceOf = (metric: string) => scenario.rules.find((rule) => rule.metric === metric)?.tolerance ?? 0;
  const measured = measuredMetrics.flatMap((metric) => {
    const values = headFigures(scenario, metric);
    return values.length === 0 ? [] : [{ metric, value: median(values), tolerance: toleranceOf(metric) }];
  });
  const exact = exactMetrics.flatMap((metric) => {
    const value = scenario.exact.head[metric];
    return value === null ? [] : [{ metric, value, tolerance: 0 }];
  });
  return [...measured, ...exact];
}
