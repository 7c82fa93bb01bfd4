import type { GateBlock } from './gate-result.ts';

/** A block as a journal has it. */
export interface RecordedBlock {
  readonly scenario: string;
  readonly block: GateBlock;
  /** Time it took, its repetition included: what the budget is spent on. */
  readonly tookMs: number;
}

type Where = Pick<GateBlock, 'batch' | 'pair' | 'arm'>;

/** Blocks of an interrupted gate. Of a pair whose other block is missing nothing counts: the two must stand side by side. */
export class RecordedBlocks {
  readonly #blocks: ReadonlyMap<string, RecordedBlock>;

  /** `arms` of each scenario: both, or the head alone. */
  constructor(recorded: readonly RecordedBlock[], arms: (scenario: string) => readonly GateBlock['arm'][]) {
    const all = new Set(recorded.map(({ scenario, block }) => keyOf(scenario, block)));
    const isWhole = ({ scenario, block }: RecordedBlock) =>
      arms(scenario).every((arm) => all.has(keyOf(scenario, { ...block, arm })));
    const whole = recorded.filter(isWhole);
    this.#blocks = new Map(whole.map((each) => [keyOf(each.scenario, each.block), each]));
  }

  get count(): number {
    return this.#blocks.size;
  }

  /** The order of the next block. */
  get nextOrder(): number {
    return Math.max(-1, ...[...this.#blocks.values()].map(({ block }) => block.order)) + 1;
  }

  find(scenario: string, where: Where): RecordedBlock | null {
    return this.#blocks.get(keyOf(scenario, where)) ?? null;
  }
}

function keyOf(scenario: string, { batch, pair, arm }: Where): string {
  return JSON.stringify([scenario, batch, pair, arm]);
}
