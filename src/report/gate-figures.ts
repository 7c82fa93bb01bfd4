import type { GateCell, GateScenarioResult } from '../gate/gate-result.ts';
import { estimateText, limitText as dropLimitText } from './estimate-text.ts';
import { dropUnit } from './evaluate-verdict.ts';
import { unitOf } from './evaluate-units.ts';
import type { FigureWriters } from './messages/gate-reasons.ts';
import { changeOf } from './messages/gate-reasons.ts';
import { formatBytes, formatMagnitude, formatMs, formatNumber, formatWhole } from './units.ts';

type Measured = Pick<GateCell, 'metric' | 'unit'>;
type Quality = GateScenarioResult['quality'];

/** Nothing is known, or nothing makes sense here. */
export const nothing = '-';

/** A figure in the metric's unit. */
export function cellFigure(value: number, { unit }: Pick<GateCell, 'unit'>): string {
  switch (unit) {
    case 'ms':
      return formatMs(value);
    case 'bytes':
      return formatBytes(Math.round(value));
    case 'per-second':
      return `${formatNumber(value)}/s`;
    case 'count':
      return Math.abs(value) < 1e6 ? formatWhole(Math.round(value)) : formatMagnitude(value);
    case 'share':
      return formatNumber(value);
  }
}

/** As short as it was written: `20 ms` where a measured figure would be 20.0 ms. */
function asWritten(value: number, cell: Measured): string {
  if (cell.unit !== 'ms' && cell.unit !== 'per-second') return cellFigure(value, cell);
  return `${Number(value.toPrecision(6))}${cell.unit === 'ms' ? ' ms' : '/s'}`;
}

/** A figure of base or head that may not be known; that of quality is the metric that dropped. */
export function figureOr(value: number | null, cell: Measured, quality: Quality): string {
  if (value === null) return nothing;
  if (cell.metric === 'outputs') return differenceText(value);
  if (cell.metric !== 'quality' || quality === null) return cellFigure(value, cell);
  return estimateText({ value, low: null, high: null }, unitOf(quality.of));
}

/** Of outputs the head's figure is their largest relative difference. What is not finite has none. */
function differenceText(share: number): string {
  if (share === 0) return 'equal';
  return share === Number.MAX_VALUE ? nothing : `${Number((share * 100).toPrecision(2))} % off`;
}

/** Figures in the reason of a cell, and limits, as short as they were given: those of quality are drops. */
export function reasonFigures(cell: Measured, quality: Quality): FigureWriters {
  if (cell.metric !== 'quality' || quality === null)
    return { figure: (value) => cellFigure(value, cell), limit: (value) => asWritten(value, cell) };
  const unit = dropUnit(quality);
  return {
    figure: (value) => estimateText({ value, low: null, high: null }, unit),
    limit: (value) => dropLimitText(value, unit),
  };
}

/** Head over base: with its interval where pairs made one, else with the difference. */
export function ratioText(cell: GateCell, quality: Quality): string {
  const { ratio, base, head, headInterval } = cell;
  if (cell.against === 'budget') return headIntervalText(cell);
  if (cell.metric === 'quality') return quality === null ? nothing : dropText(headInterval, quality);
  if (base !== null && base === head) return 'same';
  if (ratio === null) return nothing;
  if (ratio.low !== null || base === null || head === null) return estimateText(ratio, 'ratio');
  return `${estimateText(ratio, 'ratio')} (${signed(head - base, cell)})`;
}

function dropText(drop: GateCell['headInterval'], quality: NonNullable<Quality>): string {
  return drop === null ? nothing : estimateText(drop, dropUnit(quality));
}

function headIntervalText(cell: GateCell): string {
  const { headInterval } = cell;
  if (headInterval === null || headInterval.low === null || headInterval.high === null) return nothing;
  return `[${cellFigure(headInterval.low, cell)}, ${cellFigure(headInterval.high, cell)}]`;
}

function signed(difference: number, cell: Measured): string {
  return `${difference < 0 ? '−' : '+'}${cellFigure(Math.abs(difference), cell)}`;
}

/** What the cell is held to: `+5 %`, `<= 20 ms`. */
export function limitText(cell: GateCell, quality: Quality): string {
  const { against, metric, tolerance, budget } = cell;
  if (against === 'budget' && budget !== null)
    return `${metric === 'throughput' ? '>=' : '<='} ${asWritten(budget, cell)}`;
  if (metric === 'quality')
    return quality === null ? nothing : `<= ${dropLimitText(quality.threshold, dropUnit(quality))}`;
  if (tolerance === null || metric === 'outputs') return nothing;
  const sign = tolerance === 0 ? '' : metric === 'throughput' ? '−' : '+';
  return `${sign}${Number((tolerance * 100).toPrecision(4))} %`;
}

/** The smallest change for the worse that the gate would have found 4 times in 5. */
export function detectableText(share: number | null, metric: GateCell['metric']): string {
  if (share === null) return nothing;
  return changeOf(metric === 'throughput' ? 1 / (1 + share) : 1 + share);
}
