import type { Growth, Move, WidthChoice } from './width-choice.ts';

export interface Budget {
  readonly most: number;
  /** Costs from `least` to `most` are as good as asked for. */
  readonly least: number;
}

interface Candidate extends Growth {
  readonly moves: readonly Move[];
}

/** Rounding of sums: costs this close to a budget keep it. */
const slack = 1e-9;

/**
 * Changes a choice, exactly costed, until it keeps a budget and uses it up: narrower where the error grows least for
 * what is saved, then wider where it falls most. Whether the budget is kept.
 */
export function meetBudget(choice: WidthChoice, groups: number, { most }: Budget): boolean {
  const limit = most * (1 + slack);
  while (choice.cost > limit) if (!take(choice, cheapestCut(singles(choice, groups, -1)))) return false;
  while (take(choice, widest(singles(choice, groups, 1), limit - choice.cost)));
  return true;
}

/**
 * Betters a choice that keeps the budget by making one group wider and another one narrower as long as the error falls;
 * at last, where `least` is not reached, to come nearer to it.
 */
export function exchangeWidths(choice: WidthChoice, groups: number, budget: Budget): void {
  const limit = budget.most * (1 + slack);
  for (let before = Infinity; choice.error < before;) {
    before = choice.error;
    take(choice, gain(exchanges(choice, groups), limit - choice.cost));
    while (take(choice, widest(singles(choice, groups, 1), limit - choice.cost)));
  }
  const limits = { most: limit, least: budget.least };
  while (choice.cost < limits.least) if (!take(choice, nearest(exchanges(choice, groups), choice.cost, limits))) break;
}

function take(choice: WidthChoice, candidate: Candidate | null): boolean {
  if (candidate !== null) choice.apply(candidate.moves);
  return candidate !== null;
}

/** What narrowing (-1) or widening (1) one group by any number of options would do. */
function* singles(choice: WidthChoice, groups: number, direction: 1 | -1): Generator<Candidate, void, undefined> {
  for (let group = 0; group < groups; group++) {
    for (let by = direction; ; by += direction) {
      const move = choice.step(group, by);
      if (move === null) break;
      yield { moves: [move], ...choice.growth([move]) };
    }
  }
}

/** One group narrower and another one wider, by one option each. */
function* exchanges(choice: WidthChoice, groups: number): Generator<Candidate, void, undefined> {
  for (let wider = 0; wider < groups; wider++) {
    for (let narrower = 0; narrower < groups; narrower++) {
      const moves = [choice.step(wider, 1), choice.step(narrower, -1)].filter((move) => move !== null);
      if (wider !== narrower && moves.length === 2) yield { moves, ...choice.growth(moves) };
    }
  }
}

function bestBy(candidates: Iterable<Candidate>, score: (candidate: Candidate) => number): Candidate | null {
  let best: Candidate | null = null;
  let least = Infinity;
  for (const candidate of candidates) {
    const own = score(candidate);
    if (!(own < least)) continue;
    least = own;
    best = candidate;
  }
  return best;
}

function cheapestCut(candidates: Iterable<Candidate>): Candidate | null {
  return bestBy(candidates, ({ cost, error }) => (cost < 0 ? error / -cost : Infinity));
}

/** Of what fits the one that takes away most error for its cost; where none takes any, the largest. */
function widest(candidates: Iterable<Candidate>, room: number): Candidate | null {
  const fits = [...candidates].filter(({ cost }) => cost <= room);
  const byError = bestBy(fits, ({ cost, error }) => (error < 0 ? error / Math.max(cost, Number.MIN_VALUE) : Infinity));
  return byError ?? bestBy(fits, ({ cost }) => (cost > 0 ? -cost : Infinity));
}

function gain(candidates: Iterable<Candidate>, room: number): Candidate | null {
  return bestBy(candidates, ({ cost, error }) => (cost <= room && error < 0 ? error : Infinity));
}

/** Toward the least cost that is wanted: of what reaches it the one with least error, else the nearest. */
function nearest(candidates: Iterable<Candidate>, now: number, { most, least }: Budget): Candidate | null {
  const fits = [...candidates].filter(({ cost }) => cost > 0 && now + cost <= most);
  const reaching = bestBy(fits, ({ cost, error }) => (now + cost >= least ? error : Infinity));
  return reaching ?? bestBy(fits, ({ cost }) => -cost);
}
