import type { PlannedCell, PlannedScenario } from './gate-event.ts';
import type { GateCell, GateScenarioResult } from './gate-result.ts';
import { pairsNeeded } from './judge/pairs-needed.ts';
import type { JudgeSettings } from './judge/judge-cells.ts';
import { judgeCells } from './judge/judge-cells.ts';

/** Pairs that tell the noise. They count as data: only how far they spread is looked at, not which way. */
export const pilotPairs = 5;

const mostLooks = 3;

/** A first look that comes later saves too little to be worth its share of alpha. */
const latestFirstLook = 0.7;

/** Where looks lie among the pairs, as shares. */
const lookShares: Readonly<Record<number, readonly number[]>> = { 1: [1], 2: [0.6, 1], 3: [0.4, 0.7, 1] };

export interface PairPlan {
  readonly pairs: number;
  /** Pairs after which the cells are looked at; the last one is `pairs`. */
  readonly looks: readonly number[];
}

export interface PairBudget {
  /** What is left after the pilot. */
  readonly leftMs: number;
  /** One pair of every scenario. */
  readonly roundMs: number;
  readonly pilot: number;
  readonly maxPairs: number;
}

/** As many pairs as fit. */
export function affordablePairs({ leftMs, roundMs, pilot, maxPairs }: PairBudget): number {
  const more = roundMs > 0 ? Math.floor(Math.max(0, leftMs) / roundMs) : maxPairs;
  return Math.max(pilot, Math.min(maxPairs, pilot + more));
}

/**
 * As many looks as leave each of them enough pairs for a significant result: looks share alpha, and a look that could
 * find nothing would only cost.
 */
export function planLooks(
  pairs: number,
  { cells, alpha }: { readonly cells: number; readonly alpha: number },
): PairPlan {
  for (let looks = mostLooks; looks > 1; looks--) {
    const least = pairsNeeded({ cells, alpha, looks });
    const shares = lookShares[looks] ?? [1];
    const at = shares.map((share) => Math.max(least, Math.round(share * pairs)));
    const rises = at.every((count, look) => look === 0 || count > (at[look - 1] ?? 0));
    if (rises && (at[0] ?? 0) <= latestFirstLook * pairs && at.at(-1) === pairs) return { pairs, looks: at };
  }
  return { pairs, looks: [pairs] };
}

/** Tests among the cells of these scenarios, and what each of them could find by the plan. */
export function plannedScenarios(
  scenarios: readonly GateScenarioResult[],
  plan: PairPlan,
  settings: JudgeSettings,
): readonly PlannedScenario[] {
  const cells = judgeCells(scenarios, settings);
  return scenarios.map(({ name }) => ({
    scenario: name,
    ...plan,
    cells: cells.filter((cell) => cell.scenario === name && isTested(cell)).map(plannedCell),
  }));
}

export function isTested({ p }: GateCell): boolean {
  return p !== null;
}

function plannedCell({ metric, against, tolerance, detectable }: GateCell): PlannedCell {
  return { metric, against, tolerance, detectable: detectable.before };
}
