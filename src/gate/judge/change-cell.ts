import { hodgesLehmann } from '../../stats/hodges-lehmann.ts';
import type { Interval } from '../../stats/interval.ts';
import { median } from '../../stats/quantile.ts';
import { signedRankUpperTail } from '../../stats/signed-rank.ts';
import { detectableAfter, detectableBefore } from '../detectable.ts';
import type { GateScenarioResult } from '../gate-result.ts';
import type { GateRule } from '../gate-rule.ts';
import type { MeasuredMetric } from '../gate-vocabulary.ts';
import type { PairedFigures } from '../scenario-blocks.ts';
import { pairedFigures } from '../scenario-blocks.ts';
import type { AllowedLog } from '../worse-log.ts';
import { allowedLog, ratioInterval, ratioOf, worseLog } from '../worse-log.ts';
import type { Draft, Judgement, Significance } from './draft.ts';
import { noFigures, undetectable } from './draft.ts';
import { missingFigures } from './missing-figures.ts';

export interface ChangeRule extends GateRule {
  readonly metric: MeasuredMetric;
  readonly tolerance: number;
}

/**
 * Head against base, measured side by side. A fail needs a signed-rank test of the log-ratios beyond the tolerance; a
 * pass the worse end of their 95 % interval within twice the tolerance; anything else is not known.
 */
export function changeCell(scenario: GateScenarioResult, rule: ChangeRule): Draft {
  const { metric } = rule;
  const pairs = pairedFigures(scenario, metric);
  const figures = noFigures(rule, 'change');
  // A model that died on the way is no model to be compared, whatever it did before.
  if (pairs.length === 0 || scenario.failure !== null)
    return { scenario, rule, figures, outcome: missingFigures(scenario), detectable: undetectable };
  const base = median(pairs.map((pair) => pair.base));
  const allowed = allowedLog(metric, rule, base);
  const logs = logsOf(metric, pairs);
  const interval = hodgesLehmann(logs);
  const found = { metric, interval, allowed, base, rule, pairs: pairs.length };
  return {
    scenario,
    rule,
    figures: {
      ...figures,
      base,
      head: median(pairs.map(({ head }) => head)),
      ratio: ratioInterval(metric, interval),
      pairs: pairs.length,
    },
    outcome: {
      kind: 'tested',
      p: upperTail(logs, allowed.limit),
      confirmP: confirmP(scenario, metric, allowed.limit),
      judge: (significance) => judgeChange(found, significance),
    },
    detectable: (alpha) => ({
      before: detectableBefore({
        logs: logs.slice(0, scenario.plan?.pilot ?? 0),
        pairs: scenario.plan?.pairs ?? 0,
        alpha,
        limit: allowed.limit,
      }),
      after: detectableAfter({ logs, alpha, limit: allowed.limit }),
    }),
  };
}

function logsOf(metric: MeasuredMetric, pairs: readonly PairedFigures[]): readonly number[] {
  return pairs.map((pair) => worseLog(metric, pair));
}

function upperTail(logs: readonly number[], limit: number): number {
  return signedRankUpperTail(logs.map((log) => log - limit));
}

function confirmP(scenario: GateScenarioResult, metric: MeasuredMetric, limit: number): number | null {
  const logs = logsOf(metric, pairedFigures(scenario, metric, 'confirm'));
  return logs.length === 0 ? null : upperTail(logs, limit);
}

interface FoundChange {
  readonly metric: MeasuredMetric;
  readonly interval: Interval;
  readonly allowed: AllowedLog;
  readonly base: number;
  readonly rule: ChangeRule;
  readonly pairs: number;
}

function judgeChange(found: FoundChange, { adjustedP, alpha, neededPairs }: Significance): Judgement {
  const { metric, interval, allowed, pairs } = found;
  const { value, low, high } = interval;
  if (adjustedP < alpha) {
    const limit = ratioOf(metric, allowed.limit);
    const details = { ratio: ratioOf(metric, value), limit, adjustedP, alpha, confirmed: false };
    return { verdict: 'fail', reason: { code: 'beyond-tolerance', details } };
  }
  const limit = ratioOf(metric, allowed.bar);
  if (high !== null && high <= allowed.bar) return passOf(found, high, limit);
  if (pairs < neededPairs)
    return { verdict: 'inconclusive', reason: { code: 'too-few-pairs', details: { pairs, needed: neededPairs } } };
  const ends = {
    best: low === null ? null : ratioOf(metric, low),
    worst: high === null ? null : ratioOf(metric, high),
  };
  return { verdict: 'inconclusive', reason: { code: 'too-noisy', details: { ...ends, limit } } };
}

function passOf({ metric, allowed, base, rule, interval }: FoundChange, high: number, limit: number): Judgement {
  // Only the floor lets it pass: as a ratio it is too large a change.
  if (allowed.byFloor && high > Math.log1p(2 * rule.tolerance)) {
    const difference = base * (ratioOf(metric, interval.value) - 1);
    return { verdict: 'pass', reason: { code: 'below-floor', details: { difference, floor: rule.floor } } };
  }
  const worst = ratioOf(metric, high);
  return { verdict: 'pass', reason: { code: 'within-tolerance', details: { worst, limit } } };
}
