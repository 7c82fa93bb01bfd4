import type { CalibrationCell } from '../gate/gate-calibration-result.ts';
import { estimateText } from './estimate-text.ts';
import { cellFigure, detectableText, nothing } from './gate-figures.ts';
import type { Column } from './grid.ts';
import { formatMs, formatPercent, formatWhole } from './units.ts';

/** How far each metric varies, and what a gate can tell of it. */
export function calibrationColumns(cells: readonly CalibrationCell[]): readonly Column[] {
  const right = (header: readonly string[], text: (cell: CalibrationCell) => string, dropOrder = 0): Column => ({
    header,
    align: 'right',
    dropOrder,
    cells: cells.map((cell) => ({ text: text(cell) })),
  });
  return [
    { header: ['metric'], align: 'left', dropOrder: 0, cells: cells.map(({ metric }) => ({ text: metric })) },
    right(['median'], (cell) => known(cell.value, (value) => cellFigure(value, cell)), 1),
    right(['A/A ratio'], ({ ratio }) => known(ratio, (value) => estimateText(value, 'ratio')), 2),
    right(['noise of', 'a pair'], ({ sd }) => known(sd, formatPercent)),
    right(['up to'], ({ sdUpper }) => known(sdUpper, formatPercent), 4),
    right(['tolerance'], ({ tolerance }) => known(tolerance, shareText)),
    right(['detectable'], ({ detectable, metric }) => detectableText(detectable, metric)),
    right(['smallest', 'tolerance'], ({ smallestTolerance }) => known(smallestTolerance, upwards)),
    right(['pairs', 'it takes'], ({ neededPairs }) => known(neededPairs, formatWhole), 3),
    right(['budget', 'it takes'], ({ neededBudgetMs }) => known(neededBudgetMs, formatMs), 1),
    {
      header: [''],
      align: 'left',
      dropOrder: 0,
      cells: cells.map((cell) => ({ text: resolvableText(cell), tone: cell.resolvable ? 'good' : 'bad' })),
    },
  ];
}

function known<Value>(value: Value | null, text: (value: Value) => string): string {
  return value === null ? nothing : text(value);
}

/** As short as it was written. */
export function shareText(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`;
}

/** Rounded upwards to a tenth of a percent: a smaller one could not be told. */
export function upwards(share: number): string {
  // What binary fractions add is no reason for a tenth more.
  return `${(Math.ceil(Number((share * 1000).toPrecision(9))) / 10).toFixed(1)} %`;
}

function resolvableText({ tolerance, resolvable }: CalibrationCell): string {
  if (tolerance === null) return 'budget alone';
  return resolvable ? 'can be told' : 'cannot be told';
}
