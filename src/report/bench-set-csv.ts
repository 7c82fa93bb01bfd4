import type { BenchSet } from '../result/bench-set.ts';
import { benchCsvHeader, benchRecords } from './bench-csv.ts';
import { pointKey } from './bench-factors.ts';
import { benchRows } from './bench-rows.ts';
import { baseOf, speedupOver } from './bench-set-rows.ts';
import { csvText } from './csv.ts';

/** The records of all results under one header; `speedupOverBase` holds against the first result of the same fingerprint. */
export function benchSetCsv(set: BenchSet): string {
  const rows = set.results.flatMap(({ path, result }, index) => {
    const base = baseOf(set, index);
    const speedups = base === null ? [] : speedupsOver(set, base, index);
    return benchRecords(result).map(({ record, point }) => [
      path,
      base === null ? null : (set.results[base]?.path ?? null),
      speedups[point] ?? null,
      ...record,
    ]);
  });
  return csvText(['result', 'base', 'speedupOverBase', ...benchCsvHeader], rows);
}

function speedupsOver(set: BenchSet, base: number, index: number): readonly (number | null)[] {
  const rowsOf = (at: number) => {
    const saved = set.results[at];
    return saved === undefined ? [] : benchRows(saved.result);
  };
  const byKey = new Map(rowsOf(base).map((row) => [pointKey(row), row.point]));
  return rowsOf(index).map((row) => speedupOver(byKey.get(pointKey(row)) ?? null, row.point));
}
