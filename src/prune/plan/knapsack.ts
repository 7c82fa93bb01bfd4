/** One thing that can be done with a group. */
export interface Choice {
  readonly cost: number;
  readonly error: number;
}

/** Steps that a budget is told in: what is rounded up is at most a step a group. */
const defaultBins = 10_000;

/**
 * Multiple-choice knapsack: one choice of each group, so that costs add up to no more than the budget and errors to as
 * little as possible; by dynamic programming over costs in steps of the budget (Kellerer, Pferschy and Pisinger,
 * "Knapsack Problems", 2004, 11.5; as SPDY has it). Costs may be below 0. Of each group the index of its choice; null
 * where the cheapest ones together cost more.
 */
export function knapsack(
  groups: readonly (readonly Choice[])[],
  budget: number,
  bins = defaultBins,
): readonly number[] | null {
  const cheapest = groups.map((choices) => choices.reduce((least, { cost }) => Math.min(least, cost), Infinity));
  const room = budget - cheapest.reduce((sum, cost) => sum + cost, 0);
  // Sums of the same numbers in another order differ by rounding.
  if (!(room >= -1e-9 * Math.abs(budget))) return null;
  const stepsOf = (cost: number, least: number) =>
    cost === least ? 0 : room > 0 ? Math.ceil(((cost - least) / room) * bins - 1e-6) : Infinity;
  return bestOf(
    groups.map((choices, i) => choices.map(({ cost, error }) => ({ error, steps: stepsOf(cost, cheapest[i] ?? 0) }))),
    bins,
  );
}

interface Step {
  readonly steps: number;
  readonly error: number;
}

function bestOf(groups: readonly (readonly Step[])[], bins: number): readonly number[] | null {
  let errors = new Float64Array(bins + 1);
  const taken: Int32Array[] = [];
  for (const choices of groups) {
    const next = new Float64Array(bins + 1).fill(Infinity);
    const from = new Int32Array(bins + 1).fill(-1);
    for (const [index, { steps, error }] of choices.entries()) {
      for (let spent = steps; spent <= bins; spent++) {
        const sum = (errors[spent - steps] ?? Infinity) + error;
        if (!(sum < (next[spent] ?? Infinity))) continue;
        next[spent] = sum;
        from[spent] = index;
      }
    }
    errors = next;
    taken.push(from);
  }
  return (errors[bins] ?? Infinity) === Infinity ? null : retraced(groups, taken, bins);
}

function retraced(groups: readonly (readonly Step[])[], taken: readonly Int32Array[], bins: number): readonly number[] {
  const choices: number[] = [];
  let spent = bins;
  for (let group = groups.length - 1; group >= 0; group--) {
    const index = taken[group]?.[spent] ?? 0;
    choices.unshift(index);
    spent -= groups[group]?.[index]?.steps ?? 0;
  }
  return choices;
}
