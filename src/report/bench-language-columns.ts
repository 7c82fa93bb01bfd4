import type { Point } from '../bench/bench-result.ts';
import type { Estimate } from '../result/envelope.ts';
import type { Cell, Column } from './grid.ts';
import { formatBytes, formatNumber, formatPercent, formatPlusMinus, inUnit, timeUnitFor } from './units.ts';

type Tokens = NonNullable<Point['tokens']>;

const none: Cell = { text: '–', tone: 'dim' };

/** Fewest times that bound p99 from above (MLPerf's rule at 95 %). */
const gapsForP99 = 299;

/** Whether a result tells of text that models wrote. */
export function writesText(points: readonly Point[]): boolean {
  return points.some(({ tokens }) => tokens !== undefined);
}

/** What is told of text, each figure with half the width of its interval. */
export function languageColumns(points: readonly Point[]): readonly Column[] {
  return [
    timeColumn('TTFT', points, { read: ({ ttftMs }) => ttftMs, dropOrder: 0 }),
    timeColumn('TPOT', points, { read: ({ tpotMs }) => tpotMs, dropOrder: 0 }),
    timeColumn('ITL p50', points, { read: ({ itlMs }) => itlMs, dropOrder: 1 }),
    timeColumn('ITL p99', points, { read: ({ itlP99Ms = null }) => itlP99Ms, dropOrder: 0 }),
    rateColumn('prefill', points, { read: ({ prefillTokensPerSecond }) => prefillTokensPerSecond, dropOrder: 0 }),
    rateColumn('decode', points, { read: ({ decodeTokensPerSecond }) => decodeTokensPerSecond, dropOrder: 0 }),
    rateColumn('a user', points, { read: ({ tokensPerSecondPerUser = null }) => tokensPerSecondPerUser, dropOrder: 5 }),
    plainColumn(['cache'], points, { read: ({ cacheBytes }) => bytesCell(cacheBytes), dropOrder: 6 }),
    plainColumn(['outside'], points, { read: ({ outsideShare }) => shareCell(outsideShare), dropOrder: 7 }),
  ];
}

interface EstimateColumn {
  read(tokens: Tokens): Estimate | null;
  /** The higher, the sooner it is left out of a narrow terminal. */
  readonly dropOrder: number;
}

function timeColumn(name: string, points: readonly Point[], { read, dropOrder }: EstimateColumn): Column {
  const unit = timeUnitFor(points.flatMap(({ tokens }) => (tokens === undefined ? [] : (read(tokens)?.value ?? []))));
  const text = (value: number) => inUnit(value, unit);
  return column([name, unit], points, { cell: (tokens) => estimateCell(read(tokens), text), dropOrder });
}

function rateColumn(name: string, points: readonly Point[], { read, dropOrder }: EstimateColumn): Column {
  return column([name, 'tok/s'], points, { cell: (tokens) => estimateCell(read(tokens), formatNumber), dropOrder });
}

interface PlainColumn {
  read(tokens: Tokens): Cell;
  readonly dropOrder: number;
}

function plainColumn(header: readonly string[], points: readonly Point[], { read, dropOrder }: PlainColumn): Column {
  return column(header, points, { cell: read, dropOrder });
}

interface Cells {
  cell(tokens: Tokens): Cell;
  readonly dropOrder: number;
}

function column(header: readonly string[], points: readonly Point[], { cell, dropOrder }: Cells): Column {
  const cells = points.map(({ tokens }) => (tokens === undefined ? none : cell(tokens)));
  return { header, align: 'right', cells, dropOrder };
}

/** `1.25 ±0.8 %`; null is a percentile of too few. */
function estimateCell(estimate: Estimate | null, text: (value: number) => string): Cell {
  if (estimate === null) return { text: `n<${gapsForP99}`, tone: 'dim' };
  const { value, low, high } = estimate;
  if (low === null || high === null) return { text: text(value) };
  return { text: `${text(value)} ${formatPlusMinus(Math.sqrt(high / low) - 1)}` };
}

function bytesCell(bytes: number | null | undefined): Cell {
  return bytes === null || bytes === undefined ? none : { text: formatBytes(bytes) };
}

function shareCell(share: number | undefined): Cell {
  return share === undefined ? none : { text: formatPercent(share) };
}
