import type { CellReason } from '../cell-reason.ts';
import type { GateCell, GateScenarioResult } from '../gate-result.ts';
import type { GateRule } from '../gate-rule.ts';
import { metricUnits } from '../gate-vocabulary.ts';

/** What a cell comes to. */
export interface Judgement {
  readonly verdict: 'pass' | 'fail' | 'inconclusive' | 'new' | 'incomparable';
  readonly reason: CellReason;
}

/** What a test's p is held against, once all tests of the gate are known. */
export interface Significance {
  /** By Holm over all tests of the gate. */
  readonly adjustedP: number;
  /** The share of alpha of one look. */
  readonly alpha: number;
  /** Pairs with which a result could be significant, so many tests as there are. */
  readonly neededPairs: number;
}

/** A cell of which all is known but how it stands among the others. */
export interface Draft {
  readonly figures: CellFigures;
  readonly outcome: Outcome;
  readonly scenario: GateScenarioResult;
  readonly rule: GateRule;
  /** The smallest detectable change by so many tests sharing alpha. */
  readonly detectable: (alpha: number) => GateCell['detectable'];
}

export type CellFigures = Pick<
  GateCell,
  'against' | 'base' | 'head' | 'ratio' | 'headInterval' | 'pairs' | 'tolerance' | 'budget'
>;

export type Outcome =
  | { readonly kind: 'settled'; readonly judgement: Judgement }
  | {
      readonly kind: 'tested';
      readonly p: number;
      /** Of the independent batch; null where none was taken. */
      readonly confirmP: number | null;
      readonly judge: (significance: Significance) => Judgement;
    };

/** Nothing to be detected. */
export const undetectable = (): GateCell['detectable'] => ({ before: null, after: null });

export function settled(verdict: Judgement['verdict'], reason: CellReason): Outcome {
  return { kind: 'settled', judgement: { verdict, reason } };
}

/** A rule's cell without figures: what one adds to. */
export function noFigures(rule: GateRule, against: GateCell['against']): CellFigures {
  return {
    against,
    base: null,
    head: null,
    ratio: null,
    headInterval: null,
    pairs: null,
    tolerance: against === 'change' ? rule.tolerance : null,
    budget: against === 'budget' ? rule.budget : null,
  };
}

export function unitOf({ metric }: GateRule): GateCell['unit'] {
  return metricUnits[metric];
}
