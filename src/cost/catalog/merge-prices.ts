import type { Accelerator, Catalog, GridIntensity, InstanceType, Processor, TokenPrice } from './catalog.ts';
import { acceleratorSchema, gridSchema, processorSchema, tokenPriceSchema } from './catalog-schema.ts';
import { mergeInstance } from './merge-instance.ts';
import { mergeListed } from './merge-listed.ts';
import type { PriceList } from './parse-prices.ts';
import { parsePrices } from './parse-prices.ts';
import type { PriceFields } from './price-fields.ts';
import { priceFields } from './price-fields.ts';
import type { PriceRow } from './price-row.ts';
import { malformedRow } from './price-row.ts';
import { withVcpuShares } from './processor-row.ts';
import { parseRow } from './row-schema.ts';
import { gridProblems, hardwareProblems, instanceProblems, tokenPriceProblems } from './row-problems.ts';
import { userInstanceSchema } from './user-instance-schema.ts';

/**
 * A catalog with the rows of price lists added, or put over its own of the same name; every row that differs is
 * flagged `user`.
 * @throws DataError `cost-prices-malformed` with path and row: prices of 0, negative, of another currency …
 */
export async function mergePrices(catalog: Catalog, lists: readonly PriceList[]): Promise<Catalog> {
  let merged = catalog;
  for (const list of lists) for (const row of await parsePrices(list)) merged = withRow(merged, row);
  return merged;
}

function withRow(catalog: Catalog, row: PriceRow): Catalog {
  const fields = priceFields(row);
  switch (row.part) {
    case 'instances':
      return { ...catalog, instances: put(catalog.instances, instanceOf(fields, row, catalog), ({ id }) => id) };
    case 'tokenPrices':
      return { ...catalog, tokenPrices: put(catalog.tokenPrices, tokenPriceOf(fields, row, catalog), (r) => r.model) };
    case 'grids':
      return { ...catalog, grids: put(catalog.grids, gridOf(fields, row, catalog), ({ key }) => key) };
    case 'processors':
      return { ...catalog, processors: put(catalog.processors, processorOf(fields, row, catalog), ({ id }) => id) };
    case 'accelerators':
      return {
        ...catalog,
        accelerators: put(catalog.accelerators, acceleratorOf(fields, row, catalog), ({ id }) => id),
      };
  }
}

/** In the place of the row of that name, else behind all others. */
function put<Row>(rows: readonly Row[], row: Row, nameOf: (row: Row) => string): readonly Row[] {
  const at = rows.findIndex((each) => nameOf(each) === nameOf(row));
  return at < 0 ? [...rows, row] : rows.with(at, row);
}

function instanceOf(fields: PriceFields, row: PriceRow, catalog: Catalog): InstanceType {
  const instance = mergeInstance(parseRow(userInstanceSchema, fields, row), row, catalog);
  return sound(instance, instanceProblems(instance, catalog), { ...row, place: `${row.place} (${instance.id})` });
}

function tokenPriceOf(fields: PriceFields, row: PriceRow, { tokenPrices }: Catalog): TokenPrice {
  const base = tokenPrices.find(({ model }) => model === fields['model']) ?? null;
  const usual = { provider: 'user', mode: 'chat', currency: 'USD', ...unknownTokens };
  const price = mergeListed({ base, usual, fields, row }, (whole) => parseRow(tokenPriceSchema, whole, row));
  return sound(price, tokenPriceProblems(price), row);
}

const unknownTokens = { usdPerMillionOutput: null, usdPerMillionCachedInput: null, contextTokens: null };

function gridOf(fields: PriceFields, row: PriceRow, { grids }: Catalog): GridIntensity {
  const base = grids.find(({ key }) => key === fields['key']) ?? null;
  const merging = { base, usual: { scope: 'user' }, fields, row };
  const grid = mergeListed(merging, (whole) => parseRow(gridSchema, whole, row));
  return sound(grid, gridProblems(grid), row);
}

function processorOf(fields: PriceFields, row: PriceRow, { processors }: Catalog): Processor {
  const base = processors.find(({ id }) => id === fields['id']) ?? null;
  const merging = { base, usual: { families: [], modelPatterns: [], ...derived }, fields, row };
  // What a vCPU gets is arithmetic on the rest, whatever a list says.
  const processor = mergeListed(merging, (whole) => withVcpuShares(parseRow(processorSchema, whole, row)));
  return sound(processor, hardwareProblems(processor), row);
}

const derived = { fp32GflopsPerVcpu: 1, int8GopsPerVcpu: 1, gbPerSecondPerVcpu: 1 };

function acceleratorOf(fields: PriceFields, row: PriceRow, { accelerators }: Catalog): Accelerator {
  const base = accelerators.find(({ id }) => id === fields['id']) ?? null;
  const usual = { modelPatterns: [], ...unknownPeaks };
  const accelerator = mergeListed({ base, usual, fields, row }, (whole) => parseRow(acceleratorSchema, whole, row));
  return sound(accelerator, hardwareProblems(accelerator), row);
}

const unknownPeaks = {
  fp32Tflops: null,
  fp16Tflops: null,
  int8Tops: null,
  fp8Tflops: null,
  tdpWatts: null,
  note: null,
};

function sound<Row>(value: Row, [problem]: readonly string[], row: PriceRow): Row {
  if (problem !== undefined) throw malformedRow(row, problem);
  return value;
}
