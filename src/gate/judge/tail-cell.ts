import { effectiveSamplesOfBlocks } from '../../stats/effective-samples.ts';
import type { Interval } from '../../stats/interval.ts';
import { minimumSamples } from '../../stats/minimum-samples.ts';
import { quantileInterval } from '../../stats/quantile-interval.ts';
import { quantileAbove } from '../../stats/quantile-limit.ts';
import { quantileOfSorted } from '../../stats/quantile.ts';
import type { GateScenarioResult } from '../gate-result.ts';
import type { BudgetMetric } from '../gate-vocabulary.ts';
import { headBlocks } from '../scenario-blocks.ts';
import type { BudgetRule } from './budget-cell.ts';
import type { Draft, Judgement, Significance } from './draft.ts';
import { noFigures, undetectable } from './draft.ts';
import { missingFigures } from './missing-figures.ts';

const quantiles: Readonly<Record<BudgetMetric, number>> = {
  'latency-p90': 0.9,
  'latency-p95': 0.95,
  'latency-p99': 0.99,
};

/** The interval of what is shown, and of a pass. */
const confidence = 0.95;

/**
 * A percentile of the head's runs against its budget, by binomial bounds (MLPerf's rule, both ways). Runs of one block
 * share its luck, so that they count as fewer: as many as their being beyond the budget, or the percentile, is
 * independent of each other.
 */
export function tailBudgetCell(scenario: GateScenarioResult, rule: BudgetRule<BudgetMetric>): Draft {
  const quantile = quantiles[rule.metric];
  const tail = tailOf(runsOf(scenario, 'main'), rule.budget, quantile);
  const figures = noFigures(rule, 'budget');
  if (tail === null || scenario.failedArm === 'head')
    return { scenario, rule, figures, outcome: missingFigures(scenario), detectable: undetectable };
  const confirmed = tailOf(runsOf(scenario, 'confirm'), rule.budget, quantile);
  const { interval } = tail;
  return {
    scenario,
    rule,
    figures: { ...figures, head: interval.value, headInterval: { ...interval }, pairs: headBlocks(scenario).length },
    outcome: {
      kind: 'tested',
      p: tail.p,
      confirmP: confirmed?.p ?? null,
      judge: (significance) => judgeTail(tail, { budget: rule.budget, quantile }, significance),
    },
    detectable: undetectable,
  };
}

function runsOf(scenario: GateScenarioResult, batch: 'main' | 'confirm'): readonly (readonly number[])[] {
  return headBlocks(scenario, batch).map(({ latencyMs }) => latencyMs);
}

interface Tail {
  readonly interval: Interval;
  readonly p: number;
  readonly runs: number;
  readonly effective: number;
}

function tailOf(blocks: readonly (readonly number[])[], budget: number, quantile: number): Tail | null {
  const all = Float64Array.from(blocks.flat()).toSorted();
  if (all.length === 0) return null;
  const effective = independentAt(blocks, quantileOfSorted(all, quantile));
  const overs = all.reduce((count, ms) => count + (ms > budget ? 1 : 0), 0);
  const counted = Math.min(effective, independentAt(blocks, budget));
  return {
    interval: quantileInterval(all, quantile, { confidence, effectiveSamples: effective }),
    p: quantileAbove({ overs, samples: all.length, quantile, effectiveSamples: counted }),
    runs: all.length,
    effective,
  };
}

/** As how many independent runs they count, by which of them are beyond a limit. */
function independentAt(blocks: readonly (readonly number[])[], limit: number): number {
  return effectiveSamplesOfBlocks(blocks.map((block) => block.map((ms) => (ms > limit ? 1 : 0))));
}

function judgeTail(
  { interval, runs, effective }: Tail,
  { budget, quantile }: { readonly budget: number; readonly quantile: number },
  { adjustedP, alpha }: Significance,
): Judgement {
  const { value, low, high } = interval;
  if (adjustedP < alpha) {
    const details = { value: low ?? value, budget, adjustedP, alpha };
    return { verdict: 'fail', reason: { code: 'budget-broken', details } };
  }
  if (high !== null && high <= budget)
    return { verdict: 'pass', reason: { code: 'budget-kept', details: { worst: high, budget } } };
  if (high === null) {
    const details = { runs, effective: Math.floor(effective), needed: minimumSamples(quantile) };
    return { verdict: 'inconclusive', reason: { code: 'too-few-runs', details } };
  }
  return { verdict: 'inconclusive', reason: { code: 'budget-undecided', details: { low, high, budget } } };
}
