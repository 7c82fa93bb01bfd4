import type { PreparedScenario } from './gate-run.ts';
import { budgetMetrics, measuredMetrics } from './gate-vocabulary.ts';
import type { GateMetric } from './gate-vocabulary.ts';

/** Tests that will share alpha, as far as the rules tell: what blocks are planned with before any is taken. */
export function expectedTests(scenarios: readonly Pick<PreparedScenario, 'rules' | 'basis'>[]): number {
  return scenarios.reduce(
    (sum, { rules, basis }) => sum + rules.reduce((own, rule) => own + testsOf(rule, basis), 0),
    0,
  );
}

function testsOf(
  { metric, tolerance, budget }: PreparedScenario['rules'][number],
  basis: PreparedScenario['basis'],
): number {
  const isTimed = isOneOf(measuredMetrics, metric);
  const ofChange = isTimed && tolerance !== null && basis !== 'none' ? 1 : 0;
  const ofBudget = budget !== null && (isTimed || isOneOf(budgetMetrics, metric)) ? 1 : 0;
  return ofChange + ofBudget;
}

function isOneOf(metrics: readonly GateMetric[], metric: GateMetric): boolean {
  return metrics.includes(metric);
}
