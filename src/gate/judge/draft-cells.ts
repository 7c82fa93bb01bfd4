import type { GateScenarioResult } from '../gate-result.ts';
import type { GateRule } from '../gate-rule.ts';
import type { GateMetric } from '../gate-vocabulary.ts';
import { budgetMetrics, exactMetrics, measuredMetrics } from '../gate-vocabulary.ts';
import type { BudgetRule } from './budget-cell.ts';
import { exactBudgetCell, measuredBudgetCell } from './budget-cell.ts';
import type { ChangeRule } from './change-cell.ts';
import { changeCell } from './change-cell.ts';
import { outputsCell, qualityCell } from './compared-cell.ts';
import type { Draft } from './draft.ts';
import { noFigures, settled, undetectable } from './draft.ts';
import type { ExactRule } from './exact-cell.ts';
import { exactCell } from './exact-cell.ts';
import { missingFigures } from './missing-figures.ts';
import { headFigures } from '../scenario-blocks.ts';
import { storedCell } from './stored-cell.ts';
import { tailBudgetCell } from './tail-cell.ts';
import { median } from '../../stats/quantile.ts';

/** The cells of one rule: of the change, of the budget, or both. `fingerprint`: of this machine. */
export function draftCells(scenario: GateScenarioResult, rule: GateRule, fingerprint: string): readonly Draft[] {
  return [...changeCells(scenario, rule, fingerprint), ...budgetCells(scenario, rule)];
}

function changeCells(scenario: GateScenarioResult, rule: GateRule, fingerprint: string): readonly Draft[] {
  if (rule.metric === 'outputs') return [outputsCell(scenario, rule)];
  if (rule.metric === 'quality') return [qualityCell(scenario, rule)];
  if (rule.tolerance === null) return [];
  if (isExact(rule)) return [exactCell(scenario, rule, fingerprint)];
  const { tolerance } = rule;
  if (!isMeasured(rule)) return [];
  const change: ChangeRule = { ...rule, tolerance };
  if (scenario.basis === 'none') return [newCell(scenario, change)];
  return [scenario.basis === 'stored' ? storedCell(scenario, change, fingerprint) : changeCell(scenario, change)];
}

/** The head's figure, with nothing to hold it against. */
function newCell(scenario: GateScenarioResult, rule: ChangeRule): Draft {
  const values = headFigures(scenario, rule.metric);
  const head = values.length === 0 ? null : median(values);
  const figures = { ...noFigures(rule, 'change'), head, pairs: values.length };
  const outcome =
    scenario.failure === null ? settled('new', { code: 'no-base', details: {} }) : missingFigures(scenario);
  return { scenario, rule, figures, outcome, detectable: undetectable };
}

function budgetCells(scenario: GateScenarioResult, rule: GateRule): readonly Draft[] {
  const { budget } = rule;
  if (budget === null) return [];
  if (isExact(rule)) return [exactBudgetCell(scenario, { ...rule, budget })];
  if (isMeasured(rule)) return [measuredBudgetCell(scenario, { ...rule, budget })];
  return isTail(rule) ? [tailBudgetCell(scenario, { ...rule, budget })] : [];
}

function isExact(rule: GateRule): rule is ExactRule {
  return isOneOf(exactMetrics, rule.metric);
}

function isMeasured(rule: GateRule): rule is GateRule & Pick<ChangeRule, 'metric'> {
  return isOneOf(measuredMetrics, rule.metric);
}

function isTail(rule: GateRule): rule is GateRule & Pick<BudgetRule<(typeof budgetMetrics)[number]>, 'metric'> {
  return isOneOf(budgetMetrics, rule.metric);
}

function isOneOf(metrics: readonly GateMetric[], metric: GateMetric): boolean {
  return metrics.includes(metric);
}
