import type { GateCell, GateResult } from '../../gate/gate-result.ts';
import { cellName, verdictText, verdictTone } from '../gate-cell-text.ts';
import { formatNumber } from '../units.ts';
import type { IntervalRow } from './charts/interval-chart.ts';
import { formatTick } from './charts/plot-frame.ts';
import type { Figure } from './figure.ts';
import { intervalFigure } from './interval-figure.ts';

/** Ratios of head and base beside their tolerances, and heads beside their budgets. */
export function gateForests({ cells, scenarios }: GateResult): readonly (Figure | null)[] {
  const label = (cell: GateCell): string =>
    scenarios.length > 1 ? `${cell.scenario}: ${cellName(cell)}` : cellName(cell);
  return [
    intervalFigure({
      title: 'Head over base',
      caption:
        'Each cell’s ratio with its 95 % interval where pairs made one (squares; diamonds are exact). Shaded is what the tolerance allows: to the left of its edge, or to the right for throughput.',
      axisTitle: 'head / base',
      axis: 'ratio',
      format: formatTick,
      rows: cells.flatMap((cell) => changeRow(cell, label(cell))),
    }),
    intervalFigure({
      title: 'Head over budget',
      caption: 'The head’s figure over its budget, with the 95 % interval. Shaded is what the budget allows.',
      axisTitle: 'head / budget',
      axis: 'ratio',
      format: formatTick,
      rows: cells.flatMap((cell) => budgetRow(cell, label(cell))),
    }),
  ];
}

function changeRow(cell: GateCell, label: string): readonly IntervalRow[] {
  const { ratio, against, tolerance, metric } = cell;
  if (ratio === null || against === 'budget' || !(ratio.value > 0)) return [];
  const allowed = tolerance === null ? null : allowedRatios(metric, tolerance);
  return [rowOf(cell, label, { ...ratio, allowed })];
}

function budgetRow(cell: GateCell, label: string): readonly IntervalRow[] {
  const { head, headInterval, against, budget, metric } = cell;
  if (against !== 'budget' || head === null || budget === null || !(budget > 0) || !(head > 0)) return [];
  const over = (bound: number | null | undefined): number | null => (bound == null ? null : bound / budget);
  const [low, high] = [over(headInterval?.low), over(headInterval?.high)];
  return [rowOf(cell, label, { value: head / budget, low, high, allowed: allowedRatios(metric, 0) })];
}

/** Of throughput less is worse, of everything else more. */
function allowedRatios(metric: GateCell['metric'], tolerance: number): readonly [number, number] {
  return metric === 'throughput' ? [1 / (1 + tolerance), Infinity] : [0, 1 + tolerance];
}

type Drawn = Pick<IntervalRow, 'value' | 'low' | 'high' | 'allowed'>;

function rowOf(cell: GateCell, label: string, { value, low, high, allowed }: Drawn): IntervalRow {
  const interval = low === null || high === null ? '' : ` [${ratioText(low)}, ${ratioText(high)}]`;
  const note = `${ratioText(value)}${interval} ${verdictText(cell)}`;
  const tone = verdictTone(cell);
  return { label, value, low, high, allowed, tone, note, text: `${label}: ${note}` };
}

/** To a tenth of a percent, which is what a tolerance is about. */
function ratioText(ratio: number): string {
  return ratio < 10 ? ratio.toFixed(3) : formatNumber(ratio);
}
