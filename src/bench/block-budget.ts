import type { BlockRule } from './measure-block.ts';

/** What one block of a point is expected to take, from its probe. */
export interface PointCost {
  /** Starting the process, loading the model, the first run and ending. */
  readonly overheadMs: number;
  readonly runMs: number;
  /** Fewest runs to warm up with; 3 unless given. */
  readonly warmUpRuns?: number;
}

export interface BudgetSettings {
  readonly budgetMs: number;
  /** The user gave the budget: it wins over rounds and runs. Else it stretches to the floor. */
  readonly isHard: boolean;
  readonly minRuns: number;
  readonly minMs: number;
  readonly warmUpMs: number;
  readonly rounds: number;
}

export interface BlockPlan {
  /** Share of the asked-for runs and times that a block gets, at most 1. */
  readonly effort: number;
  readonly rounds: number;
  readonly runs: number;
  readonly minMs: number;
  readonly warmUpMs: number;
  readonly isHard: boolean;
  /** Expected time of all rounds. */
  readonly estimatedMs: number;
}

/** Fewest runs a block keeps: the floor of the default budget, and of one that the user gave. */
const floorRuns = { soft: 10, hard: 5 } as const;
/** Shortest measuring time worth a process of its own, in ms. */
const floorMs = { soft: 167, hard: 100 } as const;
const efforts = [1, 0.8, 0.65, 0.5, 0.4, 1 / 3, 0.25, 0.2, 1 / 6] as const;
const maxWarmUpMs = 10_000;

/**
 * Fits blocks into the budget: first the runs and times of a block shrink to their floor; then, under a hard budget
 * only, rounds are lost. The default budget stretches instead: three rounds of ten runs are the least that says
 * anything about the spread.
 */
export function planBlocks(costs: readonly PointCost[], settings: BudgetSettings): BlockPlan {
  const plans = efforts.map((effort) => planAt(effort, costs, settings));
  const fitting = plans.find(({ estimatedMs }) => estimatedMs <= settings.budgetMs);
  const least = plans.at(-1) ?? planAt(1, costs, settings);
  if (fitting !== undefined || !settings.isHard) return fitting ?? least;
  const roundMs = least.estimatedMs / least.rounds;
  const rounds = Math.max(1, Math.min(least.rounds, Math.floor(settings.budgetMs / roundMs)));
  return { ...least, rounds, estimatedMs: roundMs * rounds };
}

function planAt(effort: number, costs: readonly PointCost[], settings: BudgetSettings): BlockPlan {
  const kind = settings.isHard ? 'hard' : 'soft';
  const plan = {
    effort,
    rounds: settings.rounds,
    isHard: settings.isHard,
    runs: Math.max(Math.min(settings.minRuns, floorRuns[kind]), Math.round(settings.minRuns * effort)),
    minMs: Math.max(Math.min(settings.minMs, floorMs[kind]), settings.minMs * effort),
    warmUpMs: settings.warmUpMs * effort,
  };
  const roundMs = costs.reduce((total, cost) => total + expectedBlockMs(plan, cost), 0);
  return { ...plan, estimatedMs: roundMs * settings.rounds };
}

/** Expected time of one block of a point. Warm-up takes longer than its least: about half as long again. */
export function expectedBlockMs(plan: Pick<BlockPlan, 'runs' | 'minMs' | 'warmUpMs'>, cost: PointCost): number {
  const warmUpMs = Math.max(plan.warmUpMs * 1.5, (cost.warmUpRuns ?? usualWarmUpRuns) * cost.runMs);
  return cost.overheadMs + warmUpMs + Math.max(plan.minMs, plan.runs * cost.runMs);
}

const usualWarmUpRuns = 3;

/** The rule of one block. Its ceilings keep a point that is slower than its probe from eating the others' time. */
export function blockRule(plan: BlockPlan, cost: PointCost): BlockRule {
  const plannedMs = Math.max(plan.minMs, plan.runs * cost.runMs);
  const { warmUpRuns = usualWarmUpRuns } = cost;
  // Four times as many as the fewest may be needed to see that times have settled.
  const settlingMs = 4 * warmUpRuns * cost.runMs * plan.effort;
  return {
    warmUp: {
      minRuns: warmUpRuns,
      minMs: plan.warmUpMs,
      maxMs: Math.max(plan.warmUpMs, Math.min(maxWarmUpMs, Math.max(3 * plan.warmUpMs, settlingMs))),
      tolerance: 0.02,
    },
    measure: {
      minRuns: plan.runs,
      minMs: plan.minMs,
      maxMs: plannedMs * (plan.isHard ? 1.5 : 3),
      floorRuns: Math.min(plan.runs, plan.isHard ? floorRuns.hard : floorRuns.soft),
    },
  };
}
