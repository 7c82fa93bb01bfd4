import Table from 'cli-table3';
import type { Style, Tone } from './style.ts';
import { paint } from './style.ts';

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

export interface Column {
  /** Lines of the heading, the last one nearest to the cells. */
  readonly header: readonly string[];
  readonly align: 'left' | 'right';
  readonly cells: readonly Cell[];
  /** 0 is never left out; else the highest goes first when the line is too long. */
  readonly dropOrder: number;
}

const gap = 2;
const bare = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

/** Aligned columns under a rule, without a frame; columns of least weight are left out until it fits the width. */
export function textGrid(columns: readonly Column[], style: Style): string {
  const fitting = fitColumns(columns, style.width);
  const table = new Table({
    chars: bare,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
    colAligns: fitting.map((column) => column.align),
  });
  table.push(...headerRows(fitting, style), ruleRow(fitting), ...bodyRows(fitting, style));
  const lines = table.toString().split('\n');
  const left = leftOut(columns, fitting);
  return [...lines.map((line) => line.trimEnd()), ...(left === '' ? [] : [paint(left, 'dim', style)])].join('\n');
}

function headerRows(columns: readonly Column[], style: Style): string[][] {
  const height = Math.max(...columns.map((column) => column.header.length));
  return Array.from({ length: height }, (_, row) =>
    columns.map(({ header }) => paint(header[row - height + header.length] ?? '', 'strong', style)),
  );
}

function ruleRow(columns: readonly Column[]): string[] {
  return columns.map((column) => '─'.repeat(widthOf(column)));
}

function bodyRows(columns: readonly Column[], style: Style): string[][] {
  const rows = Math.max(0, ...columns.map((column) => column.cells.length));
  return Array.from({ length: rows }, (_, row) =>
    columns.map(({ cells }) => {
      const cell = cells[row];
      return cell === undefined ? '' : paint(cell.text, cell.tone ?? 'plain', style);
    }),
  );
}

/** Characters of a line that holds all of the columns. */
export function gridWidth(columns: readonly Column[]): number {
  return columns.reduce((sum, column) => sum + widthOf(column) + gap, -gap);
}

function fitColumns(columns: readonly Column[], width: number): readonly Column[] {
  const total = gridWidth(columns);
  const worst = Math.max(0, ...columns.map((column) => column.dropOrder));
  if (total <= width || worst === 0) return columns;
  return fitColumns(
    columns.filter((column) => column.dropOrder !== worst),
    width,
  );
}

function leftOut(all: readonly Column[], kept: readonly Column[]): string {
  const dropped = all.filter((column) => !kept.includes(column)).map((column) => column.header.join(' '));
  const names = dropped.filter((name) => name !== '');
  return names.length === 0 ? '' : `(too narrow for: ${[...new Set(names)].join(', ')})`;
}

function widthOf(column: Column): number {
  const texts = [...column.header, ...column.cells.map((cell) => cell.text)];
  return Math.max(0, ...texts.map((text) => [...text].length));
}
