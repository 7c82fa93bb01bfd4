import type { Point } from '../bench/bench-result.ts';
import type { BenchSet } from '../result/bench-set.ts';
import { factorColumns, sharedName, splitFactors } from './bench-factors.ts';
import type { BenchSetRow } from './bench-set-rows.ts';
import { baseOf, benchSetRows, resultLetter, speedupOver } from './bench-set-rows.ts';
import type { Fact } from './fact.ts';
import { machineText, shortMachine, softwareText } from './environment-text.ts';
import type { Cell, Column } from './grid.ts';
import type { TimeUnit } from './units.ts';
import { formatPlusMinus, formatRatio, inUnit, timeUnitFor } from './units.ts';

const none: Cell = { text: '–', tone: 'dim' };

export interface BenchSetPage {
  readonly heading: string;
  readonly columns: readonly Column[];
  readonly facts: readonly Fact[];
}

/** Results side by side, a column of medians each, with the ratio to the first result of the same fingerprint. */
export function benchSetPage(set: BenchSet): BenchSetPage {
  const rows = benchSetRows(set);
  const named = rows.map((row) => row.named);
  const factors = splitFactors(named);
  const medians = rows.flatMap(({ points }) => points.flatMap((point) => point?.latencyMs?.p50.value ?? []));
  const unit = timeUnitFor(medians);
  return {
    heading: sharedName(named, factors),
    columns: [
      ...factorColumns(named, factors),
      ...set.results.flatMap((_, index) => resultColumns(set, rows, { index, unit })),
    ],
    facts: [...set.results.map((_, index) => resultFact(set, index)), ...groupFacts(set)],
  };
}

interface ResultColumn {
  readonly index: number;
  readonly unit: TimeUnit;
}

function resultColumns(set: BenchSet, rows: readonly BenchSetRow[], { index, unit }: ResultColumn): readonly Column[] {
  const saved = set.results[index];
  if (saved === undefined) return [];
  const { environment, createdAt } = saved.result;
  const points = rows.map((row) => row.points[index] ?? null);
  const { model, cores } = shortMachine(environment);
  const header = [`${resultLetter(index)}: ${model}`, `${cores}, ${createdAt.slice(0, 10)}`, `p50 ${unit}`];
  const p50: Column = { header, align: 'right', cells: points.map((point) => p50Cell(point, unit)), dropOrder: 0 };
  const precision: Column = { header: ['±'], align: 'right', cells: points.map(precisionCell), dropOrder: 1 };
  const base = baseOf(set, index);
  if (base === null) return [p50, precision];
  const ratios = rows.map((row) => ratioCell(row.points[base] ?? null, row.points[index] ?? null));
  return [p50, precision, { header: [`vs ${resultLetter(base)}`], align: 'right', cells: ratios, dropOrder: 0 }];
}

function p50Cell(point: Point | null, unit: TimeUnit): Cell {
  if (point === null) return none;
  if (point.latencyMs === null) return { text: point.status, tone: point.status === 'failed' ? 'bad' : 'warn' };
  return { text: inUnit(point.latencyMs.p50.value, unit), tone: 'strong' };
}

function precisionCell(point: Point | null): Cell {
  return point === null || point.precision === null ? none : { text: formatPlusMinus(point.precision) };
}

function ratioCell(base: Point | null, point: Point | null): Cell {
  const ratio = speedupOver(base, point);
  return ratio === null ? none : { text: formatRatio(ratio) };
}

function resultFact(set: BenchSet, index: number): Fact {
  const saved = set.results[index];
  if (saved === undefined) return { label: resultLetter(index), text: '' };
  const { environment, createdAt } = saved.result;
  const text = `${saved.path}, ${createdAt}, ${machineText(environment)}, ${softwareText(environment)}`;
  return { label: resultLetter(index), text };
}

/** Which results may be compared with which. */
function groupFacts({ groups }: BenchSet): readonly Fact[] {
  const names = groups.map(({ members }) => members.map(resultLetter).join(', '));
  if (groups.length === 1) {
    const text = `${names[0] ?? ''}: same fingerprint; vs is the base's p50 over the result's, above 1x is faster`;
    return [{ label: 'Comparable', text }];
  }
  const text = `${names.join(' / ')}: fingerprints differ across /, so no ratio is given there`;
  return [{ label: 'Not comparable', text }];
}
