import { InferError } from '../errors.ts';
import { median } from '../stats/quantile.ts';
import { precisionReached } from '../stats/precision-reached.ts';
import type { BenchOptions } from './bench-options.ts';
import type { BlockPlan } from './block-budget.ts';
import { blockRule, expectedBlockMs } from './block-budget.ts';
import type { MeasuringPoint, PointState } from './point-state.ts';
import { isMeasuring } from './point-state.ts';
import { roundOrder } from './round-order.ts';
import { conditionKey } from './sweep.ts';
import { takeBlock } from './take-block.ts';

export interface RoundsTask {
  readonly states: readonly PointState[];
  readonly plan: BlockPlan;
  readonly startedMs: number;
  /** Called after each round with the states so far. */
  readonly onRound: (round: number, states: readonly PointState[]) => void;
}

/**
 * Takes rounds of blocks, one block a point, until every point's p50 is precise enough, the budget is used up or the
 * run is aborted. Returns the states; never throws for a point that failed.
 */
export async function runRounds(task: RoundsTask, options: BenchOptions): Promise<readonly PointState[]> {
  const loop = new RoundLoop(task, options);
  for (let round = 0; loop.wantsRound(round); round++) {
    await loop.takeRound(round);
    task.onRound(round, loop.states);
  }
  return loop.states;
}

class RoundLoop {
  states: readonly PointState[];
  #order = 0;
  /** Wall time of each point's last block, by index. */
  readonly #blockMs = new Map<number, number>();
  readonly #task: RoundsTask;
  readonly #options: BenchOptions;

  constructor(task: RoundsTask, options: BenchOptions) {
    this.#task = task;
    this.#options = options;
    this.states = task.states;
  }

  wantsRound(round: number): boolean {
    const { protocol, signal } = this.#options;
    const { plan } = this.#task;
    const active = this.#active(round);
    if (signal?.aborted === true || active.length === 0 || round >= protocol.maxRounds) return false;
    if (round < plan.rounds) return !this.#hardBudgetIsUsed() || round === 0;
    return this.#timeLeftMs() >= active.reduce((total, index) => total + this.#expectedMs(index), 0);
  }

  async takeRound(round: number): Promise<void> {
    const active = roundOrder(this.#active(round), { seed: this.#options.protocol.seed, round });
    for (const [done, index] of active.entries()) {
      const state = this.states[index];
      if (this.#options.signal?.aborted === true || state === undefined || !isMeasuring(state)) continue;
      if (this.#task.plan.isHard && this.#order > 0 && this.#timeLeftMs() < this.#expectedMs(index)) continue;
      this.#options.onEvent({ kind: 'block', point: state.point, round, done, of: active.length });
      this.#set(index, await this.#advance(state, { index, round }));
    }
  }

  /** One more block for a point, or its failure. */
  async #advance(state: MeasuringPoint, where: { index: number; round: number }): Promise<PointState> {
    const { runtime, protocol, signal } = this.#options;
    const startMs = runtime.nowMs();
    // A repetition must not cost the planned rounds: they are what the intervals are made of. Who asks for a single
    // round wants one block a point.
    const mayRepeat = () =>
      protocol.maxRounds > 1 && this.#timeLeftMs() > runtime.nowMs() - startMs + this.#plannedMs(where.round);
    const rule = blockRule(this.#task.plan, state.cost);
    try {
      const order = this.#order++;
      const block = await takeBlock({ state, rule, round: where.round, order, mayRepeat }, this.#options);
      const blocks = block.noise.repeated ? 2 : 1;
      this.#blockMs.set(where.index, (runtime.nowMs() - startMs) / blocks);
      const runMs = median(block.latencyMs);
      return { ...state, rounds: [...state.rounds, block], cost: { ...state.cost, runMs } };
    } catch (error) {
      if (signal?.aborted === true) return state;
      if (!(error instanceof InferError)) throw error;
      return { ...state, status: 'failed', reason: error.finding };
    }
  }

  /** Points of this round: all in the first rounds, then those that some point of their comparison still needs. */
  #active(round: number): readonly number[] {
    const measuring = this.states.flatMap((state, index) => (isMeasuring(state) ? [{ state, index }] : []));
    if (round < this.#task.plan.rounds) return measuring.map(({ index }) => index);
    const { precision } = this.#options.protocol;
    const open = new Set(
      measuring.flatMap(({ state }) =>
        precisionReached(
          state.rounds.map(({ latencyMs }) => median(latencyMs)),
          precision,
        )
          ? []
          : [conditionKey(state.point)],
      ),
    );
    return measuring.flatMap(({ state, index }) => (open.has(conditionKey(state.point)) ? [index] : []));
  }

  /** What the blocks still planned are expected to take, as if this round had just begun. */
  #plannedMs(round: number): number {
    const rounds = this.#task.plan.rounds - round;
    return rounds <= 0 ? 0 : rounds * this.states.reduce((total, _, index) => total + this.#expectedMs(index), 0);
  }

  #expectedMs(index: number): number {
    const state = this.states[index];
    if (state === undefined || !isMeasuring(state)) return 0;
    return this.#blockMs.get(index) ?? expectedBlockMs(this.#task.plan, state.cost);
  }

  #timeLeftMs(): number {
    return this.#task.startedMs + this.#options.protocol.budgetMs - this.#options.runtime.nowMs();
  }

  #hardBudgetIsUsed(): boolean {
    return this.#task.plan.isHard && this.#timeLeftMs() <= 0;
  }

  #set(index: number, state: PointState): void {
    this.states = this.states.map((old, at) => (at === index ? state : old));
  }
}
