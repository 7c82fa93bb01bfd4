import type { Round } from '../bench/bench-result.ts';
import type { OnGateEvent } from './gate-event.ts';
import type { GateBlock, GateCell, GateScenarioResult } from './gate-result.ts';
import type { JudgeSettings } from './judge/judge-cells.ts';
import type { PairPlan } from './plan-gate.ts';
import type { RecordedBlock, RecordedBlocks } from './recorded-blocks.ts';

/** Where the next block stands, and whether there is time to repeat a dirty one. */
export interface BlockTask {
  readonly scenario: string;
  readonly arm: GateBlock['arm'];
  readonly round: number;
  readonly order: number;
  readonly mayRepeat: () => boolean;
}

/** Measures: what the gate needs of `bench`. Throws InferError for a model that does not run. */
export interface Arms {
  block(task: BlockTask): Promise<Round>;
}

/** What blocks a plan of pairs stands on. */
export interface BlockLength {
  readonly runs: number;
  readonly minMs: number;
}

/** A scenario before it is measured: without blocks and plan. */
export type PreparedScenario = Omit<GateScenarioResult, 'blocks' | 'plan'>;

export interface GateRunOptions {
  readonly scenarios: readonly PreparedScenario[];
  readonly settings: Omit<JudgeSettings, 'looks'> & {
    readonly seed: number;
    readonly budgetMs: number;
    readonly maxPairs: number;
  };
  readonly arms: Arms;
  readonly blockLength: BlockLength;
  /** Expected time of one pair of every scenario. */
  readonly roundMs: number;
  /** Whether to end as soon as every test has its verdict. */
  readonly stopsEarly: boolean;
  /** Of a gate that is continued. */
  readonly recorded: { readonly blocks: RecordedBlocks; readonly plan: PairPlan | null };
  readonly onBlock: (block: RecordedBlock) => void;
  readonly onPlan: (plan: PairPlan) => void;
  readonly onEvent: OnGateEvent;
  readonly nowMs: () => number;
  readonly signal?: AbortSignal | undefined;
}

export interface GateRunResult {
  readonly scenarios: readonly GateScenarioResult[];
  readonly cells: readonly GateCell[];
  readonly looks: number;
  readonly interrupted: boolean;
  /** Tests with which a plan in the budget could find nothing: what it would take. */
  readonly tooShort: {
    readonly pairs: number;
    readonly needed: number;
    readonly cells: number;
    readonly neededMs: number;
  } | null;
}
