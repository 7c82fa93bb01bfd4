import { DataError } from '../errors.ts';
import { splitRow } from './split-row.ts';
import { timeColumn, timeOf } from './trace-time.ts';
import type { TimeColumn } from './trace-time.ts';

/**
 * Times of arrival from a CSV file, one request a row. A header is optional. With one, the column is found by its name:
 * `t_s`, `t_ms`, `time`, `timestamp`, `arrival` and the like; without one it is the first. Times are numbers, in seconds
 * unless the name ends in another unit, or dates; only their differences count.
 *
 * @returns ascending from 0, in ms
 * @throws DataError, with the line, for a time that is missing, not a time, negative, or before the one above it; and
 *   where fewer than two requests, or all at one moment, tell no rate
 */
export function parseTrace(text: string, path: string): Float64Array {
  // Empty lines at the end say nothing; others are rows whose time is missing.
  const lines = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r\n|\r|\n/);
  const column = columnOf(splitRow(lines[0] ?? ''), path);
  const first = column.hasHeader ? 1 : 0;
  if (lines.length === first || lines[0] === '') throw empty(path);
  const times = new Float64Array(lines.length - first);
  for (let i = first; i < lines.length; i++) {
    times[i - first] = readTime({ text: lines[i] ?? '', line: i + 1 }, column, path);
  }
  requireRate(times, first, path);
  const start = times[0] ?? 0;
  return times.map((time) => time - start);
}

function columnOf(cells: readonly string[], path: string): TimeColumn {
  const column = timeColumn(cells);
  if (column !== null) return column;
  const problem = `no column is known to hold times (found ${cells.join(', ')}); name it t_s or t_ms`;
  throw malformed(path, 1, problem);
}

function readTime(row: { readonly text: string; readonly line: number }, column: TimeColumn, path: string): number {
  const cell = splitRow(row.text)[column.index] ?? '';
  if (cell === '') throw malformed(path, row.line, 'the time of arrival is missing');
  const timeMs = timeOf(cell, column.unitMs);
  if (timeMs === null) throw malformed(path, row.line, `'${cell}' is neither a number nor a date`);
  if (timeMs < 0) throw malformed(path, row.line, `the time ${cell} is negative`);
  return timeMs;
}

/** @param first line of the first time, from 0 */
function requireRate(times: Float64Array, first: number, path: string): void {
  const wrong = times.findIndex((time, i) => i > 0 && time < (times[i - 1] ?? 0));
  if (wrong !== -1) {
    const problem = 'the request arrives before the one above it; sort the rows by time';
    throw malformed(path, first + wrong + 1, problem);
  }
  if (times.length < 2) throw malformed(path, null, 'one request tells no rate');
  if (times[0] === times.at(-1))
    throw malformed(path, null, 'all requests arrive at the same moment, which tells no rate');
}

function malformed(path: string, line: number | null, problem: string): DataError<'trace-malformed'> {
  return new DataError('trace-malformed', { path, line, problem });
}

function empty(path: string): DataError<'trace-malformed'> {
  return malformed(path, null, 'there are no times in it; write one request a row');
}
