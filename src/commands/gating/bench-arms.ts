import type { BlockPlan, PointCost } from '../../bench/block-budget.ts';
import { blockRule, expectedBlockMs, planBlocks } from '../../bench/block-budget.ts';
import type { Round } from '../../bench/bench-result.ts';
import { takeBlock } from '../../bench/take-block.ts';
import type { Arms, BlockTask } from '../../gate/gate-run.ts';
import type { Arm, ProbedArm, ProbedScenario } from './probe-scenario.ts';
import { wholeBlock } from './scenario-bench.ts';

/** What a block of an arm is expected to take. */
export interface ArmCost extends PointCost {
  readonly scenario: string;
  readonly arm: Arm;
}

export function costsOf(probed: ReadonlyMap<string, ProbedScenario>): readonly ArmCost[] {
  return [...probed].flatMap(([scenario, { base, head }]) =>
    armsOf({ base, head }).map(({ arm, probe }) => ({ scenario, arm, ...probe.state.cost })),
  );
}

function armsOf({ base, head }: Pick<ProbedScenario, 'base' | 'head'>): readonly { arm: Arm; probe: ProbedArm }[] {
  return [
    ...(base === null ? [] : [{ arm: 'base' as const, probe: base }]),
    ...(head === null ? [] : [{ arm: 'head' as const, probe: head }]),
  ];
}

/**
 * How long blocks are, so that as many pairs as are wanted fit the budget: more and shorter ones tell more than few long
 * ones, for runs of one process share its luck.
 */
export function planBlockLength(
  costs: readonly ArmCost[],
  { budgetMs, pairs }: { readonly budgetMs: number; readonly pairs: number },
): BlockPlan {
  return planBlocks(costs, { budgetMs, isHard: true, rounds: pairs, ...wholeBlock });
}

/** Expected time of one pair of every scenario. */
export function expectedRoundMs(plan: BlockPlan, costs: readonly ArmCost[]): number {
  return costs.reduce((total, cost) => total + expectedBlockMs(plan, cost), 0);
}

/** Measures blocks as `infer bench` does: fresh processes, dirty blocks repeated once. */
export class BenchArms implements Arms {
  readonly #probed: ReadonlyMap<string, ProbedScenario>;
  readonly #plan: BlockPlan;
  readonly #costs: readonly ArmCost[];
  /** Taken so far: they tell what switches are usual. */
  readonly #rounds = new Map<ProbedArm, readonly Round[]>();

  constructor(probed: ReadonlyMap<string, ProbedScenario>, plan: BlockPlan, costs: readonly ArmCost[]) {
    this.#probed = probed;
    this.#plan = plan;
    this.#costs = costs;
  }

  async block({ scenario, arm, round, order, mayRepeat }: BlockTask): Promise<Round> {
    const probe = this.#probed.get(scenario)?.[arm];
    if (probe === undefined || probe === null) throw new RangeError(`${arm} of ${scenario} was not probed`);
    const rounds = this.#rounds.get(probe) ?? [];
    const cost = this.#costs.find((one) => one.scenario === scenario && one.arm === arm) ?? probe.state.cost;
    const task = { state: { ...probe.state, rounds }, rule: blockRule(this.#plan, cost), round, order, mayRepeat };
    const taken = await takeBlock(task, probe.options);
    this.#rounds.set(probe, [...rounds, taken]);
    return taken;
  }
}
