import type { CostModel } from './cost-model.ts';
import { knapsack } from './knapsack.ts';
import type { Budget } from './meet-budget.ts';
import { exchangeWidths, meetBudget } from './meet-budget.ts';
import type { KeptWidths } from './removal-of.ts';
import { WidthChoice } from './width-choice.ts';
import type { GroupOptions } from './width-options.ts';
import { orderedOptions } from './width-options.ts';

export interface ChooseWidthsOptions {
  readonly model: CostModel;
  /** Cost of the whole model that is not to be exceeded, in the model's unit. */
  readonly budget: number;
  /** Part of the budget that may be left over, 0.01 unless given. */
  readonly tolerance?: number;
}

export interface ChosenWidths {
  readonly kept: KeptWidths;
  readonly cost: number;
  /** Sum of the groups' errors. */
  readonly error: number;
  /** False where the least widths cost more than the budget; they are what was chosen then. */
  readonly isMet: boolean;
}

const mostRounds = 10;

/**
 * Widths with the least sum of errors under a budget. Costs are products of widths: they are taken as linear around the
 * last choice, for which the knapsack is solved, as long as that leads to something better. Each choice is then made to
 * keep the budget by exact costs, and what is best is bettered by exchanges.
 */
export function chooseWidths(groups: readonly GroupOptions[], options: ChooseWidthsOptions): ChosenWidths {
  const ordered = groups.map(orderedOptions);
  const { model, budget, tolerance = 0.01 } = options;
  const limits = { most: budget, least: budget * (1 - tolerance) };
  const even = evenChoice(ordered, model, budget);
  const isMet = meetBudget(even, ordered.length, limits);
  const chosen = isMet ? refined(even, ordered, { model, limits }) : even;
  if (isMet) exchangeWidths(chosen, ordered.length, limits);
  return { kept: chosen.kept, cost: chosen.cost, error: chosen.error, isMet };
}

/** What the knapsack leads to, as long as it gets better. */
function refined(
  start: WidthChoice,
  groups: readonly GroupOptions[],
  { model, limits }: { readonly model: CostModel; readonly limits: Budget },
): WidthChoice {
  let [best, last] = [start, start];
  for (let round = 0, idle = 0; round < mostRounds && idle < 2; round++) {
    const places = linearChoice(groups, last, limits.most);
    if (places === null) break;
    last = new WidthChoice(groups, model, places);
    idle++;
    if (!meetBudget(last, groups.length, limits) || last.error >= best.error) continue;
    best = last;
    idle = 0;
  }
  return best;
}

/** About the same share of every group, as much as the budget allows. */
function evenChoice(groups: readonly GroupOptions[], model: CostModel, budget: number): WidthChoice {
  const at = (share: number) =>
    new WidthChoice(
      groups,
      model,
      groups.map(({ options }) => placeAtMost(options, share * (options.at(-1)?.kept ?? 0))),
    );
  let [low, high] = [0, 1];
  for (let turn = 0; turn < 30; turn++) {
    const share = (low + high) / 2;
    if (at(share).cost <= budget) low = share;
    else high = share;
  }
  return at(low);
}

function placeAtMost(options: GroupOptions['options'], width: number): number {
  return Math.max(
    0,
    options.findLastIndex(({ kept }) => kept <= width),
  );
}

/** What the knapsack says when each group's cost is what it adds to the choice on its own. */
function linearChoice(groups: readonly GroupOptions[], around: WidthChoice, budget: number): readonly number[] | null {
  const choices = groups.map(({ options }, group) =>
    options.map(({ error }, place) => ({ error, cost: around.growth([{ group, place }]).cost })),
  );
  return knapsack(choices, budget - around.cost);
}
