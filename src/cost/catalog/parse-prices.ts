import { csvRecords } from './csv-records.ts';
import type { CatalogPart, PriceRow } from './price-row.ts';
import { catalogParts, malformedRow } from './price-row.ts';

/** A price list as it was read. */
export interface PriceList {
  readonly path: string;
  readonly text: string;
}

/** A field that only rows of one part have. */
const tellingFields: readonly (readonly [field: string, part: CatalogPart])[] = [
  ['onDemandUsdPerHour', 'instances'],
  ['spotUsdPerHour', 'instances'],
  ['usdPerMillionInput', 'tokenPrices'],
  ['gramsPerKwh', 'grids'],
  ['fp32FlopPerCycle', 'processors'],
  ['gbPerSecond', 'accelerators'],
];

/** Beside its rows, what `infer cost prices --json` writes. */
const envelopeKeys = new Set(['schemaVersion', 'kind', 'tool', 'createdAt', 'command', 'environment', 'warnings']);
const summaryKeys = new Set(['$schema', 'oldest', 'undated', 'daysOld']);

/**
 * The rows of a price list: CSV with a header by its ending, else YAML or JSON, with rows below `instances`,
 * `tokenPrices`, `grids`, `processors` or `accelerators`, or as one list.
 * @throws DataError `cost-prices-malformed`
 */
export async function parsePrices({ path, text }: PriceList): Promise<readonly PriceRow[]> {
  const rows = /\.csv$/i.test(path) ? csvRows(path, text) : objectRows(path, await parseYaml(path, text));
  if (rows.length === 0) throw malformedRow({ path, place: '' }, 'it has no rows; give at least one price');
  return rows;
}

async function parseYaml(path: string, text: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    // JSON is YAML too, but for the mark that editors on Windows put first.
    return parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const [problem = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw malformedRow({ path, place: '' }, `${problem.replace(/:$/, '')}; correct it there`);
  }
}

function csvRows(path: string, text: string): readonly PriceRow[] {
  const [header, ...records] = csvRecords(text);
  if (header === undefined) return [];
  const names = header.cells;
  const part = partOf(new Set(names));
  const place = `line ${header.line}`;
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw malformedRow({ path, place }, `column '${twice}' is there twice; leave one`);
  if (part === null) throw malformedRow({ path, place }, `no column tells what has a price; ${howToTell}`);
  return records.map(({ line, cells }) => {
    const row = { path, place: `line ${line}`, part };
    if (cells.length !== names.length)
      throw malformedRow(row, `it has ${cells.length} cells, and the header has ${names.length}`);
    const fields = names.map((name, index) => [name, cells[index] === '' ? null : cells[index]]);
    return { ...row, fields: Object.fromEntries(fields) };
  });
}

function objectRows(path: string, content: unknown): readonly PriceRow[] {
  if (Array.isArray(content)) return content.map((row, index) => rowOf(row, { path, place: `row ${index + 1}` }, null));
  if (!isRecord(content))
    throw malformedRow({ path, place: '' }, 'it is neither a list of rows nor an object with some');
  return Object.entries(content).flatMap(([key, rows]) => {
    if (summaryKeys.has(key) || (content['kind'] === 'prices' && envelopeKeys.has(key))) return [];
    const part = catalogParts.find((name) => name === key);
    if (part === undefined)
      throw malformedRow({ path, place: '' }, `there is nothing called '${key}'`, { name: key, known: catalogParts });
    if (!Array.isArray(rows)) throw malformedRow({ path, place: key }, 'it is no list of rows');
    return rows.map((row, index) => rowOf(row, { path, place: `${key}[${index}]` }, part));
  });
}

function rowOf(row: unknown, at: Pick<PriceRow, 'path' | 'place'>, part: CatalogPart | null): PriceRow {
  if (!isRecord(row)) throw malformedRow(at, 'it is no object with fields');
  const found = part ?? partOf(new Set(Object.keys(row)));
  if (found === null) throw malformedRow(at, `no field tells what has a price; ${howToTell}`);
  return { ...at, part: found, fields: row };
}

function partOf(names: ReadonlySet<string>): CatalogPart | null {
  return tellingFields.find(([field]) => names.has(field))?.[1] ?? null;
}

const howToTell = 'give onDemandUsdPerHour, usdPerMillionInput or gramsPerKwh';

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
