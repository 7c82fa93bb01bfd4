import { holm } from '../../stats/holm.ts';
import type { GateCell, GateScenarioResult } from '../gate-result.ts';
import type { Draft, Judgement, Significance } from './draft.ts';
import { unitOf } from './draft.ts';
import { draftCells } from './draft-cells.ts';
import { pairsNeeded, strictestAlpha } from './pairs-needed.ts';
import { waive } from './waive.ts';

export interface JudgeSettings {
  /** Chance of a false fail of the whole gate. */
  readonly alpha: number;
  /** Looks that alpha is divided by. */
  readonly looks: number;
  /** Whether a fail of a test must be found again in the independent batch. */
  readonly confirm: boolean;
  /** For waivers: `2026-12-31`. */
  readonly today: string;
  /** Of the machine that measured the head. */
  readonly fingerprint: string;
}

/**
 * Every cell of a gate, from the blocks and figures alone: the same ones give the same verdicts, whether they were just
 * taken, continued or saved long ago. Tests of all cells share alpha by Holm.
 */
export function judgeCells(scenarios: readonly GateScenarioResult[], settings: JudgeSettings): GateCell[] {
  const drafts = scenarios.flatMap((scenario) =>
    scenario.rules.flatMap((rule) => draftCells(scenario, rule, settings.fingerprint)),
  );
  const tests = drafts.flatMap(({ outcome }) => (outcome.kind === 'tested' ? [outcome.p] : []));
  const adjusted = holm(tests);
  const sharing = { cells: tests.length, alpha: settings.alpha, looks: settings.looks };
  const shared = { alpha: settings.alpha / settings.looks, neededPairs: pairsNeeded(sharing) };
  let test = 0;
  const judged = drafts.map((draft): JudgedDraft => {
    if (draft.outcome.kind === 'settled') return { draft, adjustedP: null, judgement: draft.outcome.judgement };
    const significance: Significance = { ...shared, adjustedP: adjusted[test++] ?? 1 };
    return { draft, adjustedP: significance.adjustedP, judgement: draft.outcome.judge(significance) };
  });
  const confirmed = settings.confirm ? confirmFails(judged, settings.alpha) : judged;
  return confirmed.map((each) => cellOf(each, { detectAlpha: strictestAlpha(sharing), today: settings.today }));
}

interface JudgedDraft {
  readonly draft: Draft;
  readonly adjustedP: number | null;
  readonly judgement: Judgement;
}

/** Fails that the independent batch did not find again are none; its tests share alpha among themselves. */
function confirmFails(judged: readonly JudgedDraft[], alpha: number): readonly JudgedDraft[] {
  const failing = judged.filter((each) => each.judgement.verdict === 'fail' && each.adjustedP !== null);
  const again = holm(
    failing.map(({ draft: { outcome } }) => (outcome.kind === 'tested' ? (outcome.confirmP ?? 1) : 1)),
  );
  return judged.map((each) => {
    const at = failing.indexOf(each);
    if (at === -1) return each;
    const p = again[at] ?? 1;
    const { outcome } = each.draft;
    const wasTaken = outcome.kind === 'tested' && outcome.confirmP !== null;
    return { ...each, judgement: p < alpha ? found(each.judgement) : missed(each, { p: wasTaken ? p : null, alpha }) };
  });
}

function found(judgement: Judgement): Judgement {
  const { reason } = judgement;
  if (reason.code !== 'beyond-tolerance') return judgement;
  return { ...judgement, reason: { ...reason, details: { ...reason.details, confirmed: true } } };
}

function missed(
  { adjustedP, judgement, draft }: JudgedDraft,
  { p, alpha }: { readonly p: number | null; readonly alpha: number },
): Judgement {
  // Earlier runs cannot be had again: a stored base has no independent batch.
  if (draft.scenario.basis === 'stored' && draft.figures.against === 'change') return judgement;
  const details = { adjustedP: adjustedP ?? 1, confirmP: p, alpha };
  return { verdict: 'inconclusive', reason: { code: 'not-confirmed', details } };
}

function cellOf(
  { draft, adjustedP, judgement }: JudgedDraft,
  { detectAlpha, today }: { readonly detectAlpha: number; readonly today: string },
): GateCell {
  const { scenario, rule, figures, outcome } = draft;
  const { code, details } = judgement.reason;
  return {
    scenario: scenario.name,
    metric: rule.metric,
    unit: unitOf(rule),
    ...figures,
    p: outcome.kind === 'tested' ? outcome.p : null,
    adjustedP,
    detectable: draft.detectable(detectAlpha),
    ...waive(judgement.verdict, rule.waiver, today),
    severity: rule.severity,
    reason: { code, details: { ...details } },
    owner: scenario.owner,
    note: rule.note,
    waiver: rule.waiver === null ? null : { ...rule.waiver },
  };
}
