import type { BenchResult, Latency, Point } from '../bench/bench-result.ts';
import { factorColumns, splitFactors } from './bench-factors.ts';
import { benchRows, comparisonOf, speedupVerdict } from './bench-rows.ts';
import { languageColumns, writesText } from './bench-language-columns.ts';
import { notesColumn } from './bench-notes-column.ts';
import type { Cell, Column } from './grid.ts';
import type { TimeUnit } from './units.ts';
import {
  formatBytes,
  formatNumber,
  formatPercent,
  formatPlusMinus,
  formatRatio,
  inUnit,
  timeUnitFor,
} from './units.ts';

const none: Cell = { text: '–', tone: 'dim' };

/** Fewest runs that bound a percentile from above with 95 % confidence: ln 0.05 / ln p (MLPerf's rule). */
const runsNeeded = { p90: 29, p95: 59, p99: 299 } as const;

/** The columns of a bench table: what varies, then what was measured; a column that is empty throughout is left out. */
export function benchColumns(result: BenchResult): readonly Column[] {
  const rows = benchRows(result);
  const measured = [
    ...(writesText(result.points) ? textColumns(result.points) : runColumns(result.points)),
    speedupColumn(result),
    timeColumn('load', result.points, { read: (point) => point.loadMs?.value ?? null, dropOrder: 4 }),
    timeColumn('1st run', result.points, { read: (point) => point.firstRunMs?.value ?? null, dropOrder: 5 }),
    cpuColumn(result.points),
    memoryColumn(result.points),
    notesColumn(result),
  ];
  return [...factorColumns(rows, splitFactors(rows)), ...measured.filter(isFilled)];
}

function isFilled(column: Column): boolean {
  return column.cells.some((cell) => cell !== none && cell.text !== '');
}

function runColumns(points: readonly Point[]): readonly Column[] {
  return [...latencyColumns(points), throughputColumn(points)];
}

/** Of whole requests the median alone: their tails and rates are those of tokens. */
function textColumns(points: readonly Point[]): readonly Column[] {
  const [p50, precision] = latencyColumns(points).map((column) => ({ ...column, dropOrder: 4 }));
  const request =
    p50 === undefined || precision === undefined ? [] : [{ ...p50, header: ['request', ...p50.header] }, precision];
  return [...languageColumns(points), ...request];
}

function latencyColumns(points: readonly Point[]): readonly Column[] {
  const unit = timeUnitFor(points.flatMap(({ latencyMs }) => (latencyMs === null ? [] : [latencyMs.p50.value])));
  const p50 = points.map((point) => latencyCell(point, (latency) => inUnit(latency.p50.value, unit)));
  const tail = (name: 'p90' | 'p99', dropOrder: number): Column =>
    numeric(
      `${name} ${unit}`,
      points.map((point) => tailCell(point, name, unit)),
      dropOrder,
    );
  return [numeric(`p50 ${unit}`, p50, 0), precisionColumn(points), tail('p90', 1), tail('p99', 0)];
}

function latencyCell(point: Point, text: (latency: Latency) => string): Cell {
  return point.latencyMs === null ? none : { text: text(point.latencyMs), tone: 'strong' };
}

function tailCell({ latencyMs }: Point, name: keyof typeof runsNeeded, unit: TimeUnit): Cell {
  if (latencyMs === null) return none;
  const tail = latencyMs[name];
  return tail === null ? { text: `n<${runsNeeded[name]}`, tone: 'dim' } : { text: inUnit(tail.value, unit) };
}

function precisionColumn(points: readonly Point[]): Column {
  // With a mark in the column, the others are padded so that the signs stay in line.
  const padding = points.some(missedPrecision) ? '  ' : '';
  const cells = points.map((point): Cell => {
    if (point.precision === null) return padding === '' ? none : { ...none, text: `${none.text}${padding}` };
    const text = formatPlusMinus(point.precision);
    return missedPrecision(point) ? { text: `${text} !`, tone: 'warn' } : { text: `${text}${padding}` };
  });
  return numeric(`±${padding}`, cells, 0);
}

function missedPrecision(point: Point): boolean {
  return point.status === 'ok' && point.precision !== null && !point.reachedPrecision;
}

function throughputColumn(points: readonly Point[]): Column {
  const cells = points.map(({ throughput }) =>
    throughput === null ? none : { text: formatNumber(throughput.itemsPerSecond.value) },
  );
  return numeric('items/s', cells, 0);
}

function speedupColumn(result: BenchResult): Column {
  const cells = result.points.map((_, index): Cell => {
    const comparison = comparisonOf(result, index);
    if (comparison === null) return none;
    if (comparison === 'reference') return { text: 'ref', tone: 'dim' };
    const text = formatRatio(comparison.speedup.value);
    const verdict = speedupVerdict(comparison);
    if (verdict === 'undecided') return { text: `≈${text}`, tone: 'dim' };
    return { text, tone: verdict === 'faster' ? 'good' : 'bad' };
  });
  return numeric('speed-up', result.comparisons.length === 0 ? [] : cells, 0);
}

interface TimeColumn {
  read(point: Point): number | null;
  readonly dropOrder: number;
}

function timeColumn(name: string, points: readonly Point[], { read, dropOrder }: TimeColumn): Column {
  const times = points.map(read);
  const unit = timeUnitFor(times.flatMap((time) => time ?? []));
  const cells = times.map((time) => (time === null ? none : { text: inUnit(time, unit) }));
  return numeric(`${name} ${unit}`, cells, dropOrder);
}

function cpuColumn(points: readonly Point[]): Column {
  const cells = points.map(({ cpuUtilization: share }) => (share === null ? none : { text: formatPercent(share) }));
  return numeric('CPU', cells, 3);
}

function memoryColumn(points: readonly Point[]): Column {
  const cells = points.map(({ peakRssBytes: bytes }) => (bytes === null ? none : { text: formatBytes(bytes) }));
  return numeric('memory', cells, 2);
}

function numeric(header: string, cells: readonly Cell[], dropOrder: number): Column {
  return { header: [header], align: 'right', cells, dropOrder };
}
