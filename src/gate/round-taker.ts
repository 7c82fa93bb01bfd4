import type { GateBlock } from './gate-result.ts';
import type { GateRunOptions } from './gate-run.ts';
import type { Arm, MeasuredScenario } from './measured-scenario.ts';
import { gateBlock } from './measured-scenario.ts';
import { armOrder, scenarioOrder } from './pair-order.ts';
import type { RecordedBlock } from './recorded-blocks.ts';

type Batch = GateBlock['batch'];

/** Whether dirty blocks are repeated: always, never, or as long as the rest fits into so much time of all blocks. */
export type Repetition = 'always' | 'never' | { readonly withinMs: number };

/** Rounds to take: a pair of every scenario each. */
export interface Rounds {
  readonly batch: Batch;
  readonly from: number;
  readonly to: number;
  readonly scenarios: readonly MeasuredScenario[];
  readonly repetition: Repetition;
  /** Time of all blocks after which no round begins. */
  readonly mostMs: number;
}

interface BlockPlace {
  readonly batch: Batch;
  readonly pair: number;
  readonly arm: Arm;
}

/** Takes blocks in their order, or finds them among those recorded of an interrupted gate. */
export class RoundTaker {
  isInterrupted = false;
  readonly #options: GateRunOptions;
  #order: number;
  #done = 0;
  /** Of all blocks, recorded ones too: a gate that is continued plans as it would have. */
  takenMs = 0;
  #taken = 0;
  #repetitions = 0;

  constructor(options: GateRunOptions) {
    this.#options = options;
    this.#order = options.recorded.blocks.nextOrder;
  }

  /** Mean time of a block so far, with or without its repetition; null before the first. */
  blockMs({ repeats }: { readonly repeats: boolean }): number | null {
    const blocks = this.#taken + (repeats ? 0 : this.#repetitions);
    return blocks === 0 ? null : this.takenMs / blocks;
  }

  /** Ends early where the gate is interrupted or far beyond its time. */
  async take(rounds: Rounds): Promise<void> {
    const { settings, signal } = this.#options;
    const { batch, from, to, scenarios } = rounds;
    for (let pair = from; pair < to; pair++) {
      if (signal?.aborted === true) this.isInterrupted = true;
      if (this.isInterrupted || this.takenMs > rounds.mostMs) return;
      const place = { seed: settings.seed, batch, pair };
      for (const scenario of scenarioOrder(scenarios, place))
        for (const arm of armOrder(scenario.name, place))
          if (scenario.arms.includes(arm) && !this.isInterrupted)
            await this.#takeBlock(scenario, { batch, pair, arm }, rounds);
    }
  }

  async #takeBlock(scenario: MeasuredScenario, place: BlockPlace, rounds: Rounds): Promise<void> {
    const { recorded, onEvent } = this.#options;
    const known = recorded.blocks.find(scenario.name, place);
    if (known !== null) return this.#keep(scenario, known);
    const of = this.#done + blocksLeft(rounds, place.pair);
    onEvent({ kind: 'block', scenario: scenario.name, ...place, done: this.#done, of });
    try {
      await this.#measure(scenario, place, rounds);
    } catch (error) {
      if (this.#options.signal?.aborted === true) this.isInterrupted = true;
      else scenario.fail(place.arm, error);
    }
    this.#done += 1;
  }

  async #measure(scenario: MeasuredScenario, place: BlockPlace, rounds: Rounds): Promise<void> {
    const { arms, nowMs, onBlock } = this.#options;
    const startMs = nowMs();
    const round = await arms.block({
      scenario: scenario.name,
      arm: place.arm,
      round: place.pair,
      order: this.#order++,
      mayRepeat: () => this.#mayRepeat(rounds, place.pair, nowMs() - startMs),
    });
    const block = gateBlock(place, round);
    const taken = { scenario: scenario.name, block, tookMs: nowMs() - startMs };
    this.#keep(scenario, taken);
    onBlock(taken);
  }

  #keep(scenario: MeasuredScenario, { block, tookMs }: RecordedBlock): void {
    scenario.add(block);
    this.takenMs += tookMs;
    this.#taken += 1;
    if (block.noise.repeated) this.#repetitions += 1;
  }

  /** A repetition takes as long as the block did; what is planned after it must fit too. */
  #mayRepeat(rounds: Rounds, pair: number, blockMs: number): boolean {
    const { repetition } = rounds;
    if (typeof repetition === 'string') return repetition === 'always';
    const restMs = blocksLeft(rounds, pair + 1) * (this.blockMs({ repeats: false }) ?? blockMs);
    return this.takenMs + 2 * blockMs + restMs <= repetition.withinMs;
  }
}

function blocksLeft({ scenarios, to }: Rounds, pair: number): number {
  return (to - pair) * blocksOfRound(scenarios);
}

export function blocksOfRound(scenarios: readonly MeasuredScenario[]): number {
  return scenarios.reduce((sum, { arms }) => sum + arms.length, 0);
}
