export interface TimeColumn {
  readonly index: number;
  /** Milliseconds in its unit. */
  readonly unitMs: number;
  readonly hasHeader: boolean;
}

const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, sec: 1000, seconds: 1000 };

/** `t_s`, `arrival_time_ms`, `Timestamp`, `arrived at (s)`. */
const names =
  /^(?:t|time|timestamp|datetime|date|arrivals?|arrived|start|(?:arrival|arrived|start|request|created|sent|received)(?:time|timestamp|date|at))$/;

/** Above this, a number counts milliseconds since 1970, below it seconds. */
const laterThanAnySecond = 1e11;

/** `2023-11-16 18:17:03.9799600`, with the digits that `Date.parse` leaves out; without a zone in UTC, which has no gaps. */
const datePattern = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * Which column holds times, by the names in the first row; the first one where that row has times already.
 *
 * @returns null where names are given, and none is known
 */
export function timeColumn(firstRow: readonly string[]): TimeColumn | null {
  const first = firstRow[0] ?? '';
  if (first === '' || timeOf(first, 1000) !== null) return { index: 0, unitMs: 1000, hasHeader: false };
  const columns = firstRow.map(namedColumn);
  const index = columns.findIndex((column) => column !== null);
  const unitMs = columns[index] ?? null;
  return unitMs === null ? null : { index, unitMs, hasHeader: true };
}

/** Unit of a column that holds times by its name; null for other names. */
function namedColumn(name: string): number | null {
  const words = name
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  const unitMs = units[words.at(-1) ?? ''];
  const bare = (unitMs === undefined ? words : words.slice(0, -1)).join('');
  return names.test(bare) ? (unitMs ?? 1000) : null;
}

/** A number of the column's unit, or a date, in ms; null for anything else. */
export function timeOf(cell: string, unitMs: number): number | null {
  const number = Number(cell);
  if (cell !== '' && Number.isFinite(number))
    return number * (unitMs === 1000 && number > laterThanAnySecond ? 1 : unitMs);
  const [, day, clock, fraction = '', zone = 'Z'] = datePattern.exec(cell) ?? [];
  if (day === undefined || clock === undefined) return null;
  const timeMs = Date.parse(`${day}T${clock}${zone}`);
  return Number.isNaN(timeMs) ? null : timeMs + Number(`0${fraction}`) * 1000;
}
