import type { Interval } from '../stats/interval.ts';
import { largerIsWorse } from './gate-rule.ts';
import type { GateMetric } from './gate-vocabulary.ts';

/** ln(head / base), or its negative where smaller is worse: positive is worse. */
export function worseLog(metric: GateMetric, { base, head }: { readonly base: number; readonly head: number }): number {
  const log = Math.log(head / base);
  return largerIsWorse(metric) ? log : -log;
}

/** The ratio head over base that a change for the worse on the log scale means. */
export function ratioOf(metric: GateMetric, log: number): number {
  return Math.exp(largerIsWorse(metric) ? log : -log);
}

/** The same of an interval, whose ends change places where smaller is worse. */
export function ratioInterval(metric: GateMetric, { value, low, high }: Interval): Interval {
  const [first, last] = largerIsWorse(metric) ? [low, high] : [high, low];
  return {
    value: ratioOf(metric, value),
    low: first === null ? null : ratioOf(metric, first),
    high: last === null ? null : ratioOf(metric, last),
  };
}

/** What a rule's tolerance and floor allow, on the log scale of changes for the worse. */
export interface AllowedLog {
  /** Held against by the test: a change up to here is none. */
  readonly limit: number;
  /** Where the interval must end for a pass: twice the tolerance. */
  readonly bar: number;
  /** Whether the floor, not the tolerance, makes the bar. */
  readonly byFloor: boolean;
}

/** `base` is the base's figure in the metric's unit. */
export function allowedLog(
  metric: GateMetric,
  { tolerance, floor }: { readonly tolerance: number; readonly floor: number },
  base: number,
): AllowedLog {
  const ofFloor = floorLog(metric, floor, base);
  const bar = Math.log1p(2 * tolerance);
  return { limit: Math.max(Math.log1p(tolerance), ofFloor), bar: Math.max(bar, ofFloor), byFloor: ofFloor > bar };
}

/** Of a change that none is as large as; the tests take finite numbers. */
const beyondAll = 100;

function floorLog(metric: GateMetric, floor: number, base: number): number {
  if (largerIsWorse(metric)) return Math.log1p(floor / base);
  // A floor as large as the figure itself: no change is one.
  return floor >= base ? beyondAll : -Math.log1p(-floor / base);
}
