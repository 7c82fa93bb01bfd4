import type { PricesResult } from '../cost/catalog/prices-result.ts';
import type { CsvValue } from './csv.ts';
import { csvText } from './csv.ts';
import type { Part } from './prices-words.ts';
import { bandText, listedParts } from './prices-words.ts';

type RowOf<P extends Part> = PricesResult[P][number];

/**
 * The first part that is listed as RFC 4180, under the names that `--prices` reads back; what a row has several of is
 * separated by bars.
 */
export function pricesCsv(result: PricesResult): string {
  const [part = 'instances'] = listedParts(result);
  switch (part) {
    case 'instances':
      return records(result.instances, instanceFields);
    case 'processors':
      return records(result.processors, processorFields);
    case 'accelerators':
      return records(result.accelerators, acceleratorFields);
    case 'tokenPrices':
      return records(result.tokenPrices, tokenFields);
    case 'grids':
      return records(result.grids, gridFields);
  }
}

function records<Row>(rows: readonly Row[], fields: readonly (keyof Row & string)[]): string {
  return csvText(
    fields,
    rows.map((row) => fields.map((field) => cellOf(row[field]))),
  );
}

function cellOf(value: unknown): CsvValue {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (Array.isArray(value)) return value.join('|');
  return isBand(value) ? bandText(value) : null;
}

function isBand(value: unknown): value is Parameters<typeof bandText>[0] {
  return typeof value === 'object' && value !== null && 'low' in value && 'high' in value;
}

const instanceFields: readonly (keyof RowOf<'instances'>)[] = [
  'id',
  'cloud',
  'region',
  'name',
  'architecture',
  'processor',
  'processorName',
  'vcpus',
  'memoryGib',
  'accelerator',
  'acceleratorCount',
  'acceleratorMemoryGib',
  'onDemandUsdPerHour',
  'spotUsdPerHour',
  'interruption',
  'date',
  'spotDate',
  'flags',
  'source',
  'spotSource',
];

const processorFields: readonly (keyof RowOf<'processors'>)[] = [
  'id',
  'name',
  'architecture',
  'families',
  'modelPatterns',
  'instructionSets',
  'coresPerSocket',
  'vcpusPerCore',
  'allCoreGhz',
  'fp32FlopPerCycle',
  'int8OpPerCycle',
  'socketGbPerSecond',
  'fp32GflopsPerVcpu',
  'int8GopsPerVcpu',
  'gbPerSecondPerVcpu',
  'tdpWatts',
  'date',
  'flags',
  'source',
];

const acceleratorFields: readonly (keyof RowOf<'accelerators'>)[] = [
  'id',
  'name',
  'modelPatterns',
  'memoryGb',
  'gbPerSecond',
  'fp32Tflops',
  'fp16Tflops',
  'int8Tops',
  'fp8Tflops',
  'tdpWatts',
  'note',
  'date',
  'flags',
  'source',
];

const tokenFields: readonly (keyof RowOf<'tokenPrices'>)[] = [
  'model',
  'provider',
  'mode',
  'usdPerMillionInput',
  'usdPerMillionOutput',
  'usdPerMillionCachedInput',
  'contextTokens',
  'date',
  'flags',
  'source',
];

const gridFields: readonly (keyof RowOf<'grids'>)[] = ['scope', 'key', 'gramsPerKwh', 'date', 'flags', 'source'];
