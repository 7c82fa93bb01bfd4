import { InferError } from '../errors.ts';
import type { Round } from '../bench/bench-result.ts';
import type { BlockLength, PreparedScenario } from './gate-run.ts';
import type { GateBlock, GateScenarioResult } from './gate-result.ts';
import type { GateMetric } from './gate-vocabulary.ts';
import { budgetMetrics, measuredMetrics } from './gate-vocabulary.ts';
import type { PairPlan } from './plan-gate.ts';

export type Arm = GateBlock['arm'];

/** A scenario while it is measured. */
export class MeasuredScenario {
  readonly #prepared: PreparedScenario;
  readonly #blocks: GateBlock[] = [];
  #failure: Pick<GateScenarioResult, 'failure' | 'failedArm'>;

  constructor(prepared: PreparedScenario) {
    this.#prepared = prepared;
    this.#failure = { failure: prepared.failure, failedArm: prepared.failedArm };
  }

  get name(): string {
    return this.#prepared.name;
  }

  /** Those that run here: of a base that is stored or missing, the head alone; none of what does not run or need to. */
  get arms(): readonly Arm[] {
    const { failedArm } = this.#failure;
    if (!this.#prepared.rules.some(({ metric }) => needsBlocks(metric))) return [];
    const wanted: readonly Arm[] = this.#prepared.basis === 'same-job' ? ['base', 'head'] : ['head'];
    return failedArm === 'head' ? [] : wanted.filter((arm) => arm !== failedArm);
  }

  add(block: GateBlock): void {
    this.#blocks.push(block);
  }

  /** A model that ran before and does not any more. Throws what is no such failure. */
  fail(arm: Arm, error: unknown): void {
    if (!(error instanceof InferError)) throw error;
    this.#failure = { failure: { code: error.code, details: { ...error.details } }, failedArm: arm };
  }

  result({ pairs, looks }: PairPlan, pilot: number, length: BlockLength): GateScenarioResult {
    return {
      ...this.#prepared,
      ...this.#failure,
      plan: { pairs, looks: [...looks], pilot, ...length },
      blocks: this.#blocks.toSorted((a, b) => a.order - b.order),
    };
  }
}

function needsBlocks(metric: GateMetric): boolean {
  return [...measuredMetrics, ...budgetMetrics].some((measured) => measured === metric);
}

/** A block as the result has it. */
export function gateBlock(where: Pick<GateBlock, 'arm' | 'pair' | 'batch'>, round: Round): GateBlock {
  return { ...where, ...round };
}
