import type { GateCell, GateScenarioResult } from '../gate/gate-result.ts';
import { cellName, verdictText, verdictTone, whyText } from './gate-cell-text.ts';
import { detectableText, figureOr, limitText, nothing, ratioText } from './gate-figures.ts';
import type { Cell, Column } from './grid.ts';
import { gridWidth } from './grid.ts';
import { pText } from './messages/gate-reasons.ts';
import { wrapText } from './wrap-text.ts';

/** The narrowest column that sentences can be read in. */
const narrowestWhy = 40;
const gap = 2;

/** How cells are laid out. */
export interface CellLayout {
  /** Characters there are for a line; Infinity where there is no end to it. */
  readonly width: number;
  /** Pairs, both detectable changes and p-values too. */
  readonly details: boolean;
}

export interface CellGrid {
  readonly columns: readonly Column[];
  /** Whether the last column says why: there was room for it. */
  readonly hasWhy: boolean;
}

/** The cells of a scenario: base, head, ratio, detectable change, verdict, and why where there is room. */
export function cellGrid(
  cells: readonly GateCell[],
  scenario: GateScenarioResult,
  { width, details }: CellLayout,
): CellGrid {
  const columns = figureColumns(cells, scenario, details);
  const room = width - gridWidth(columns) - gap;
  if (room < narrowestWhy) return { columns, hasWhy: false };
  const whys = cells.map((cell) => whyText(cell, scenario));
  return { columns: withWhy(columns, whys, room), hasWhy: true };
}

function figureColumns(cells: readonly GateCell[], scenario: GateScenarioResult, details: boolean): readonly Column[] {
  const { quality } = scenario;
  const right = (header: string, text: (cell: GateCell) => string, dropOrder = 0): Column => ({
    header: [header],
    align: 'right',
    dropOrder,
    cells: cells.map((cell) => ({ text: text(cell) })),
  });
  return [
    { header: ['metric'], align: 'left', dropOrder: 0, cells: cells.map((cell) => ({ text: cellName(cell) })) },
    right('base', (cell) => figureOr(cell.base, cell, quality)),
    right('head', (cell) => figureOr(cell.head, cell, quality)),
    right('head / base', (cell) => ratioText(cell, quality)),
    right('limit', (cell) => limitText(cell, quality), 2),
    ...(details ? detailColumns(right) : [right('detectable', reached, 1)]),
    {
      header: ['verdict'],
      align: 'left',
      dropOrder: 0,
      cells: cells.map((cell) => ({ text: verdictText(cell), tone: verdictTone(cell) })),
    },
  ];
}

type ColumnMaker = (header: string, text: (cell: GateCell) => string, dropOrder?: number) => Column;

function detailColumns(right: ColumnMaker): readonly Column[] {
  return [
    right('planned', ({ detectable, metric }) => detectableText(detectable.before, metric), 4),
    right('detectable', ({ detectable, metric }) => detectableText(detectable.after, metric), 1),
    right('pairs', ({ pairs }) => (pairs === null ? nothing : String(pairs)), 3),
    right('p', ({ p }) => (p === null ? nothing : pText(p)), 5),
    right('adjusted p', ({ adjustedP }) => (adjustedP === null ? nothing : pText(adjustedP)), 3),
  ];
}

function reached({ detectable, metric }: GateCell): string {
  return detectableText(detectable.after ?? detectable.before, metric);
}

/** Sentences take as many lines as they need; the other columns stay empty beside these. */
function withWhy(columns: readonly Column[], whys: readonly string[], room: number): readonly Column[] {
  const lines = whys.map((why) => (room === Infinity ? [why] : wrapText(why, room)));
  const spread = (cells: readonly Cell[]): readonly Cell[] =>
    lines.flatMap((own, row) => own.map((_, line) => (line === 0 ? (cells[row] ?? { text: '' }) : { text: '' })));
  return [
    ...columns.map((column) => ({ ...column, cells: spread(column.cells) })),
    { header: ['why'], align: 'left', dropOrder: 0, cells: lines.flat().map((text) => ({ text })) },
  ];
}
