import type { UntoldCause } from '../cell-reason.ts';
import type { GateScenarioResult } from '../gate-result.ts';
import type { GateRule } from '../gate-rule.ts';
import type { ExactMetric } from '../gate-vocabulary.ts';
import type { Draft, Outcome } from './draft.ts';
import { noFigures, settled, undetectable } from './draft.ts';

export interface ExactRule extends GateRule {
  readonly metric: ExactMetric;
}

/** Other kernels take other buffers: what the arena holds is only comparable on the same machine. */
const machineBound: ReadonlySet<ExactMetric> = new Set(['arena-peak']);

/** A figure that is the same however often it is taken: any change for the worse beyond the tolerance is one. */
export function exactCell(scenario: GateScenarioResult, rule: ExactRule, fingerprint: string): Draft {
  const base = scenario.exact.base?.[rule.metric] ?? null;
  const head = scenario.exact.head[rule.metric];
  const ratio = base === null || head === null || base <= 0 ? null : { value: head / base, low: null, high: null };
  const figures = { ...noFigures(rule, 'change'), base, head, ratio };
  return { scenario, rule, figures, outcome: outcomeOf({ scenario, rule, fingerprint }), detectable: undetectable };
}

interface ExactQuestion {
  readonly scenario: GateScenarioResult;
  readonly rule: ExactRule;
  readonly fingerprint: string;
}

function outcomeOf({ scenario, rule, fingerprint }: ExactQuestion): Outcome {
  const { basis, exact, baseFingerprint } = scenario;
  if (basis === 'none') return settled('new', { code: 'no-base', details: {} });
  if (basis === 'stored' && machineBound.has(rule.metric) && baseFingerprint !== fingerprint)
    return settled('incomparable', { code: 'other-machine', details: { base: baseFingerprint, head: fingerprint } });
  const base = exact.base?.[rule.metric] ?? null;
  const head = exact.head[rule.metric];
  if (base === null || head === null) return untold({ scenario, metric: rule.metric, base, head });
  const change = head - base;
  const allowed = Math.max((rule.tolerance ?? 0) * base, rule.floor);
  if (change <= 0) return settled('pass', { code: 'not-worse', details: { change } });
  if (change <= allowed) return settled('pass', { code: 'within-exact-tolerance', details: { change, allowed } });
  return settled('fail', { code: 'worse', details: { change, allowed } });
}

interface Untold {
  readonly scenario: GateScenarioResult;
  readonly metric: ExactMetric;
  readonly base: number | null;
  readonly head: number | null;
}

function untold({ scenario, metric, base, head }: Untold): Outcome {
  const side = base !== null ? 'head' : head !== null ? 'base' : 'both';
  const arm = side === 'both' ? 'head' : side;
  const told = scenario.untold.find((entry) => entry.metric === metric && entry.arm === arm);
  const cause: UntoldCause = told?.cause ?? 'not-in-base';
  return settled('inconclusive', { code: 'untold', details: { side, cause } });
}
