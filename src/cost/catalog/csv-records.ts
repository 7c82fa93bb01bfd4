/** A record of a CSV file and the line it starts at, from 1. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The records of comma-separated text by RFC 4180: cells in double quotes may hold commas, line breaks and doubled
 * quotes. Empty lines are no records; a quote that nobody closes holds the rest.
 */
export function csvRecords(text: string): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  const cellPattern = /(?:"((?:[^"]|"")*)(?:"|$)([^,\r\n]*)|([^,\r\n]*))(,|\r\n|\r|\n|$)/g;
  let cells: string[] = [];
  let line = 1;
  let startLine = 1;
  for (const [whole, quoted, behind = '', plain = '', end = ''] of text.replace(/^\uFEFF/, '').matchAll(cellPattern)) {
    if (whole === '' && cells.length === 0) break;
    cells.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"') + behind.trim());
    line += whole.match(/\r\n|\r|\n/g)?.length ?? 0;
    if (end === ',') continue;
    if (cells.some((cell) => cell !== '')) records.push({ line: startLine, cells });
    cells = [];
    startLine = line;
    if (end === '') break;
  }
  return records;
}
