import type { BenchResult } from '../bench/bench-result.ts';
import type { LoadRun, LoadTimes } from '../bench/load/load-result.ts';
import { factorColumns, splitFactors } from './bench-factors.ts';
import type { LabeledPoint } from './bench-factors.ts';
import { benchRows } from './bench-rows.ts';
import type { Cell, Column } from './grid.ts';
import type { TimeUnit } from './units.ts';
import { formatNumber, inUnit, timeUnitFor } from './units.ts';

const none: Cell = { text: '–', tone: 'dim' };

/** Fewest requests that bound the percentile from above (MLPerf's rule at 95 %). */
const requestsForP99 = 299;

interface LoadRow {
  readonly row: LabeledPoint;
  readonly run: LoadRun;
}

/** Every point at every rate: what the runs take, and beside it what requests wait for and take. Null without any. */
export function loadColumns(result: BenchResult): readonly Column[] | null {
  const rows = benchRows(result);
  const loads = rows.flatMap((row) => (row.point.loads ?? []).map((run): LoadRow => ({ row, run })));
  if (loads.length === 0) return null;
  const runs = loads.map(({ run }) => run);
  const factors = factorColumns(
    loads.map(({ row }) => row),
    splitFactors(rows),
  );
  return [
    ...factors,
    column(['rate'], runs, (run) => ({ text: run.asked })),
    ...arrivalsColumn(runs),
    column(['offered', '/s'], runs, ({ offeredPerSecond: rate }) => (rate === null ? none : number(rate))),
    column(['answered', '/s'], runs, ({ achievedPerSecond }) => number(achievedPerSecond)),
    ...timesColumns('service', runs, ({ serviceMs }) => serviceMs),
    ...timesColumns('from arrival', runs, ({ latencyMs }) => latencyMs),
    lateColumn(runs),
    { header: ['notes'], align: 'left', cells: runs.map(noteOf), dropOrder: 0 },
  ];
}

function column(header: readonly string[], runs: readonly LoadRun[], cell: (run: LoadRun) => Cell): Column {
  return { header, align: 'right', cells: runs.map(cell), dropOrder: 0 };
}

/** Said in a column only where it differs; else once below the table. */
function arrivalsColumn(runs: readonly LoadRun[]): readonly Column[] {
  const names = new Set(
    runs.flatMap(({ arrivals, offeredPerSecond }) => (offeredPerSecond === null ? [] : [arrivals])),
  );
  if (names.size <= 1) return [];
  return [
    { header: ['arrivals'], align: 'left', cells: runs.map(({ arrivals }) => ({ text: arrivals })), dropOrder: 2 },
  ];
}

function timesColumns(
  name: string,
  runs: readonly LoadRun[],
  read: (run: LoadRun) => LoadTimes | null,
): readonly Column[] {
  const times = runs.map(read);
  const unit = timeUnitFor(times.flatMap((own) => own?.p50?.value ?? []));
  return (['p50', 'p99'] as const).map((percentile) => ({
    header: [name, `${percentile} ${unit}`],
    align: 'right',
    cells: runs.map((run, index) => timeCell(times[index]?.[percentile] ?? null, { run, unit, times: times[index] })),
    dropOrder: 0,
  }));
}

interface Timed {
  readonly run: LoadRun;
  readonly unit: TimeUnit;
  readonly times: LoadTimes | null | undefined;
}

function timeCell(estimate: { readonly value: number } | null, { run, unit, times }: Timed): Cell {
  if (times === null || times === undefined) return none;
  if (estimate !== null) return { text: inUnit(estimate.value, unit), tone: 'strong' };
  return run.requests < requestsForP99 ? { text: `n<${requestsForP99}`, tone: 'dim' } : none;
}

function lateColumn(runs: readonly LoadRun[]): Column {
  const known = runs.map((run) => (run.offeredPerSecond === null ? null : run.generatorLatenessMs.p99));
  const unit = timeUnitFor(known.flatMap((ms) => ms ?? []));
  const cells = runs.map((run, index): Cell => {
    const ms = known[index] ?? null;
    return ms === null ? none : { text: inUnit(ms, unit), tone: run.valid ? 'dim' : 'bad' };
  });
  return { header: ['issued late', `p99 ${unit}`], align: 'right', cells, dropOrder: 1 };
}

function noteOf({ valid, stable, requests, answered, meetsObjective, objective }: LoadRun): Cell {
  if (!valid) return { text: 'not valid: issued late', tone: 'bad' };
  const unanswered = requests - answered;
  if (!stable)
    return { text: unanswered > 0 ? `overloaded, ${formatNumber(unanswered)} unanswered` : 'overloaded', tone: 'bad' };
  if (objective === undefined || meetsObjective === undefined) return { text: '' };
  const name = `p${objective.percentile}`;
  if (meetsObjective === 'met') return { text: `meets ${name}`, tone: 'good' };
  return meetsObjective === 'missed'
    ? { text: `misses ${name}`, tone: 'bad' }
    : { text: `${name} undecided`, tone: 'warn' };
}

function number(rate: number): Cell {
  return { text: formatNumber(rate) };
}
