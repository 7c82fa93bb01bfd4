import { blockStatistic } from './block-statistic.ts';
import type { GateBlock, GateScenarioResult } from './gate-result.ts';
import type { MeasuredMetric } from './gate-vocabulary.ts';

type Batch = GateBlock['batch'];
type Measured = Pick<GateScenarioResult, 'blocks' | 'basis' | 'batch' | 'failedArm'>;

/** The figures of two blocks that stand side by side in time. */
export interface PairedFigures {
  readonly base: number;
  readonly head: number;
}

/** A metric's figures pair by pair, in the order of the pairs; those of which one is missing or no figure are left out. */
export function pairedFigures(scenario: Measured, metric: MeasuredMetric, batch: Batch = 'main'): PairedFigures[] {
  const base = blocksByPair(scenario, 'base', batch);
  const head = blocksByPair(scenario, 'head', batch);
  return [...head.keys()]
    .toSorted((a, b) => a - b)
    .flatMap((pair) => {
      const figures = [base.get(pair), head.get(pair)].map((block) => figureOf(block, metric, scenario.batch));
      const [ofBase, ofHead] = figures;
      return typeof ofBase === 'number' && typeof ofHead === 'number' ? [{ base: ofBase, head: ofHead }] : [];
    });
}

/** The head's blocks that count: where there is a base beside it that runs, those of complete pairs. */
export function headBlocks(scenario: Measured, batch: Batch = 'main'): readonly GateBlock[] {
  const base = blocksByPair(scenario, 'base', batch);
  const head = [...blocksByPair(scenario, 'head', batch).values()].toSorted((a, b) => a.pair - b.pair);
  const isPaired = scenario.basis === 'same-job' && scenario.failedArm !== 'base';
  return isPaired ? head.filter(({ pair }) => base.has(pair)) : head;
}

/** A metric's figures of the head, block by block. */
export function headFigures(scenario: Measured, metric: MeasuredMetric, batch: Batch = 'main'): number[] {
  return headBlocks(scenario, batch).flatMap((block) => figureOf(block, metric, scenario.batch) ?? []);
}

/** No logarithm of what is not positive. */
function figureOf(block: GateBlock | undefined, metric: MeasuredMetric, batch: number | null): number | null {
  const figure = block === undefined ? null : blockStatistic(metric, block, batch);
  return figure !== null && figure > 0 && Number.isFinite(figure) ? figure : null;
}

function blocksByPair({ blocks }: Measured, arm: GateBlock['arm'], batch: Batch): ReadonlyMap<number, GateBlock> {
  return new Map(blocks.flatMap((block) => (block.arm === arm && block.batch === batch ? [[block.pair, block]] : [])));
}
