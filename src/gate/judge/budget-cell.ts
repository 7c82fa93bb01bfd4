import { hodgesLehmann } from '../../stats/hodges-lehmann.ts';
import type { Interval } from '../../stats/interval.ts';
import { median } from '../../stats/quantile.ts';
import { signedRankUpperTail } from '../../stats/signed-rank.ts';
import type { GateScenarioResult } from '../gate-result.ts';
import { largerIsWorse } from '../gate-rule.ts';
import type { GateRule } from '../gate-rule.ts';
import type { ExactMetric, MeasuredMetric } from '../gate-vocabulary.ts';
import { headFigures } from '../scenario-blocks.ts';
import { ratioOf, worseLog } from '../worse-log.ts';
import type { CellFigures, Draft, Judgement, Outcome, Significance } from './draft.ts';
import { noFigures, settled, undetectable } from './draft.ts';
import { missingFigures } from './missing-figures.ts';

/** A rule with a budget of a metric of that kind. */
export interface BudgetRule<Metric> extends GateRule {
  readonly metric: Metric & GateRule['metric'];
  readonly budget: number;
}

/** An exact figure of the head against its budget. */
export function exactBudgetCell(scenario: GateScenarioResult, rule: BudgetRule<ExactMetric>): Draft {
  const { metric, budget } = rule;
  const head = scenario.exact.head[metric];
  const figures = { ...noFigures(rule, 'budget'), head };
  return { scenario, rule, figures, outcome: exactOutcome(), detectable: undetectable };

  function exactOutcome(): Outcome {
    if (head === null) {
      const cause = scenario.untold.find((told) => told.metric === metric && told.arm === 'head')?.cause;
      return settled('inconclusive', { code: 'untold', details: { side: 'head', cause: cause ?? 'model-not-run' } });
    }
    const details = { value: head, budget, adjustedP: null, alpha: null };
    if (head > budget) return settled('fail', { code: 'budget-broken', details });
    return settled('pass', { code: 'budget-kept', details: { worst: head, budget } });
  }
}

/** A measured figure of the head, block by block, against its budget. */
export function measuredBudgetCell(scenario: GateScenarioResult, rule: BudgetRule<MeasuredMetric>): Draft {
  const { metric } = rule;
  const values = headFigures(scenario, metric);
  const figures = noFigures(rule, 'budget');
  if (values.length === 0 || scenario.failedArm === 'head')
    return { scenario, rule, figures, outcome: missingFigures(scenario), detectable: undetectable };
  const logs = logsOver(rule, values);
  const confirmed = logsOver(rule, headFigures(scenario, metric, 'confirm'));
  const interval = hodgesLehmann(logs);
  return {
    scenario,
    rule,
    figures: { ...figures, head: median(values), headInterval: figureInterval(rule, interval), pairs: values.length },
    outcome: {
      kind: 'tested',
      p: signedRankUpperTail(logs),
      confirmP: confirmed.length === 0 ? null : signedRankUpperTail(confirmed),
      judge: (significance) => judgeBudget({ rule, interval, value: median(values) }, significance),
    },
    detectable: undetectable,
  };
}

/** How far each is beyond the budget, on the log scale: positive breaks it. */
function logsOver({ metric, budget }: BudgetRule<MeasuredMetric>, values: readonly number[]): readonly number[] {
  return values.map((head) => worseLog(metric, { base: budget, head }));
}

/** In the metric's unit, low below high. */
function figureInterval({ metric, budget }: BudgetRule<MeasuredMetric>, log: Interval): CellFigures['headInterval'] {
  const at = (end: number | null) => (end === null ? null : budget * ratioOf(metric, end));
  const [low, high] = largerIsWorse(metric) ? [log.low, log.high] : [log.high, log.low];
  return { value: budget * ratioOf(metric, log.value), low: at(low), high: at(high) };
}

interface FoundBudget {
  readonly rule: BudgetRule<MeasuredMetric>;
  readonly interval: Interval;
  readonly value: number;
}

function judgeBudget({ rule, interval, value }: FoundBudget, { adjustedP, alpha }: Significance): Judgement {
  const { budget, metric } = rule;
  const at = (log: number) => budget * ratioOf(metric, log);
  if (adjustedP < alpha) {
    const better = interval.low === null ? value : at(interval.low);
    return { verdict: 'fail', reason: { code: 'budget-broken', details: { value: better, budget, adjustedP, alpha } } };
  }
  if (interval.high !== null && interval.high <= 0)
    return { verdict: 'pass', reason: { code: 'budget-kept', details: { worst: at(interval.high), budget } } };
  const { low = null, high = null } = figureInterval(rule, interval) ?? {};
  return { verdict: 'inconclusive', reason: { code: 'budget-undecided', details: { low, high, budget } } };
}
