import { predictionInterval, predictionTail } from '../../stats/prediction-interval.ts';
import { median } from '../../stats/quantile.ts';
import type { GateScenarioResult } from '../gate-result.ts';
import { largerIsWorse } from '../gate-rule.ts';
import { headFigures } from '../scenario-blocks.ts';
import { allowedLog, ratioInterval } from '../worse-log.ts';
import type { ChangeRule } from './change-cell.ts';
import type { CellFigures, Draft, Judgement, Outcome, Significance } from './draft.ts';
import { noFigures, settled, undetectable } from './draft.ts';
import { missingFigures } from './missing-figures.ts';

/** Runs that a prediction is made from: fewer tell no spread, older ones are of another time. */
const leastHistory = 8;
export const mostHistory = 20;

/**
 * A new value against earlier runs of the base, on the log scale: a fail is what another run of the base would hardly
 * have shown, beyond the tolerance. It says nothing of another machine.
 */
export function storedCell(scenario: GateScenarioResult, rule: ChangeRule, fingerprint: string): Draft {
  const history = (scenario.history?.[rule.metric] ?? []).filter((value) => value > 0).slice(-mostHistory);
  const values = headFigures(scenario, rule.metric);
  const value = values.length === 0 ? null : median(values);
  const figures = {
    ...noFigures(rule, 'change'),
    base: history.length === 0 ? null : predictionInterval(history, { confidence: 0.95 }).value,
    head: value,
    pairs: values.length,
  };
  const refusal = refusalOf(scenario, history.length, fingerprint);
  if (refusal !== null) return { scenario, rule, figures, outcome: refusal, detectable: undetectable };
  if (value === null || scenario.failure !== null)
    return { scenario, rule, figures, outcome: missingFigures(scenario), detectable: undetectable };
  return { scenario, rule, ...compared(rule, { history, value, figures }), detectable: undetectable };
}

function refusalOf(scenario: GateScenarioResult, runs: number, head: string): Outcome | null {
  const { baseFingerprint: base, baseDiffers: differs } = scenario;
  if (base !== head) return settled('incomparable', { code: 'other-machine', details: { base, head } });
  if (differs.length > 0) return settled('incomparable', { code: 'other-conditions', details: { differs } });
  if (runs < leastHistory)
    return settled('inconclusive', { code: 'history-too-short', details: { runs, needed: leastHistory } });
  return null;
}

interface Known {
  readonly history: readonly number[];
  readonly value: number;
  readonly figures: CellFigures;
}

function compared(rule: ChangeRule, { history, value, figures }: Known): Pick<Draft, 'figures' | 'outcome'> {
  // Where smaller is worse the reciprocals are what grows.
  const worse = (figure: number) => (largerIsWorse(rule.metric) ? figure : 1 / figure);
  const past = history.map(worse);
  const now = worse(value);
  const { value: center, low, high } = predictionInterval(past, { confidence: 0.95 });
  const allowed = allowedLog(rule.metric, rule, worse(center));
  const interval = {
    value: Math.log(now / center),
    low: high === null ? null : Math.log(now / high),
    high: low === null ? null : Math.log(now / low),
  };
  const limitAt = (alpha: number) => {
    const { high: most } = predictionInterval(past, { confidence: 1 - 2 * alpha });
    return worse((most ?? Infinity) * Math.exp(allowed.limit));
  };
  const judge = ({ adjustedP, alpha }: Significance): Judgement => {
    const details = { value, limit: limitAt(alpha), runs: history.length };
    if (adjustedP < alpha)
      return { verdict: 'fail', reason: { code: 'beyond-prediction', details: { ...details, adjustedP, alpha } } };
    if (interval.high !== null && interval.high <= allowed.bar)
      return { verdict: 'pass', reason: { code: 'within-prediction', details } };
    return { verdict: 'inconclusive', reason: { code: 'history-too-wide', details } };
  };
  return {
    figures: { ...figures, ratio: ratioInterval(rule.metric, interval) },
    outcome: { kind: 'tested', p: predictionTail(past, now / Math.exp(allowed.limit)), confirmP: null, judge },
  };
}
