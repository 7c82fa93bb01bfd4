import type { PriceRow } from './price-row.ts';
import { malformedRow } from './price-row.ts';

/** Fields that hold words; those of {@link listFields} hold several, and all others numbers. */
const wordFields = new Set([
  'id',
  'cloud',
  'region',
  'name',
  'architecture',
  'processor',
  'processorName',
  'accelerator',
  'interruption',
  'source',
  'date',
  'spotSource',
  'spotDate',
  'model',
  'provider',
  'mode',
  'scope',
  'key',
  'note',
]);
const listFields = new Set(['families', 'modelPatterns', 'instructionSets', 'flags']);
/** What rates are told in, beside the figure: `$0.40/h`, `0.40 USD`. */
const figurePattern = /^(?:usd|\$)?\s*(-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(?:usd|\$)?\s*(?:\/\s*h(?:our)?)?$/i;
const otherCurrency = /[€£¥₹₩]|\b(?:EUR|GBP|JPY|CNY|INR|CHF|CAD|AUD|KRW|BRL|SEK|NOK)\b/i;

/** Values as a catalog holds them: numbers for figures, texts for words, null for what was left empty. */
export type PriceFields = Readonly<Record<string, unknown>>;

/**
 * The fields of a row, text from a CSV cell or a quoted figure turned into what it stands for.
 * @throws DataError `cost-prices-malformed` for another currency
 */
export function priceFields(row: PriceRow): PriceFields {
  checkCurrency(row);
  const entries = Object.entries(row.fields).flatMap(([name, value]): [string, unknown][] =>
    name === 'currency' || name === 'flags' ? [] : [[name, fieldValue(name, value, row)]],
  );
  return Object.fromEntries(entries);
}

function checkCurrency(row: PriceRow): void {
  const { currency } = row.fields;
  if (currency === undefined || currency === null) return;
  if (typeof currency === 'string' && /^(usd|\$)$/i.test(currency.trim())) return;
  throw malformedRow(row, `its currency is ${textOf(currency)}; convert its prices into USD`);
}

function fieldValue(name: string, value: unknown, row: PriceRow): unknown {
  if (listFields.has(name)) return typeof value === 'string' ? listOf(value) : value;
  // A year alone is a number in YAML, and so may be the name of a model.
  if (wordFields.has(name)) return typeof value === 'number' ? String(value) : trimmed(value);
  return typeof value === 'string' ? figureOf(name, value, row) : value;
}

function trimmed(value: unknown): unknown {
  return typeof value === 'string' ? value.trim() || null : value;
}

function listOf(text: string): readonly string[] {
  return text
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** What is no figure stays as it is: the row's schema says what is wrong with it, and whether there is such a field. */
function figureOf(name: string, text: string, row: PriceRow): number | string | null {
  if (text.trim() === '') return null;
  if (otherCurrency.test(text))
    throw malformedRow(row, `${name} is ${text.trim()}, which is another currency; convert it into USD`);
  const figure = figurePattern.exec(text.trim())?.[1];
  return figure === undefined ? text.trim() : Number(figure);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
