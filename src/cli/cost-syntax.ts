import { UsageError } from '../errors.ts';
import { hoursPerMonth } from '../commands/cost-vocabulary.ts';
import type { FlagText } from './value-syntax.ts';
import { parseDurationMs, parseNonNegative } from './value-syntax.ts';

function bad({ flag, text }: FlagText, expected: string): UsageError {
  return new UsageError('bad-value', { flag, value: text, expected });
}

/** A number from 0 on, or NaN: `Number` takes an empty text for 0. */
function plainNumber(text: string): number {
  return /^(\d+(?:\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : Number.NaN;
}

function shareIn(text: string): number {
  const [, number = '', percent] = /^(.*?)\s*(%?)$/.exec(text.trim()) ?? [];
  return plainNumber(number) / (percent === '%' ? 100 : 1);
}

/** `30%` or `0.3`: a share from 0 to below 1. */
export function parsePart(flagText: FlagText): number {
  const value = shareIn(flagText.text);
  if (value >= 0 && value < 1) return value;
  throw bad(flagText, 'a share from 0 to below 1, such as 30% or 0.3');
}

/** `60%`, `0.6` or `1`: a share above 0. */
export function parseUse(flagText: FlagText): number {
  const value = shareIn(flagText.text);
  if (value > 0 && value <= 1) return value;
  throw bad(flagText, 'a share above 0 and up to 1, such as 60% or 0.6');
}

/** A number above 0, such as `250` or `0.5`; `unit` says what it counts. */
export function parsePositive(flagText: FlagText, expected: string): number {
  const value = plainNumber(flagText.text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw bad(flagText, expected);
}

const perUnit: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, b: 1e9 };

/** `200`, `250k` or `30M` requests. */
export function parseRate(flagText: FlagText, expected: string): number {
  const [, number = '', unit = ''] = /^(.*?)\s*([kmgb]?)$/i.exec(flagText.text.trim()) ?? [];
  const value = plainNumber(number) * (perUnit[unit.toLowerCase()] ?? Number.NaN);
  if (value > 0 && Number.isFinite(value)) return value;
  throw bad(flagText, expected);
}

/** `0`, or a time with its unit. A bare number could be meant in ms as well as in seconds. In ms. */
export function parseDelayMs(flagText: FlagText): number {
  if (/^0(?:ms|s)?$/.test(flagText.text.trim())) return 0;
  if (/\d$/.test(flagText.text.trim())) throw bad(flagText, 'a time with its unit such as 5ms, or 0');
  return parseDurationMs(flagText);
}

/** `0.40/h`, `$0.40/h` or `0.40`: dollars for an hour. */
export function parsePricePerHour(flagText: FlagText): number {
  const [, number = ''] = /^\$?\s*(\S+?)\s*(?:\/\s*h(?:our)?)?$/i.exec(flagText.text.trim()) ?? [];
  const value = plainNumber(number);
  if (value > 0 && Number.isFinite(value)) return value;
  throw bad(flagText, 'a price above 0 in US dollars such as 0.40/h');
}

/** `0.01/h`, or `5%/month` of machines: interruptions an hour, independent of how long a machine has run. */
export function parseInterruptions(flagText: FlagText): number {
  const [, number = '', unit = ''] = /^(.*?)\s*\/\s*(h|hour|month)$/i.exec(flagText.text.trim()) ?? [];
  const isMonthly = unit.toLowerCase() === 'month';
  const value = isMonthly ? shareIn(number) : plainNumber(number);
  if (value >= 0 && Number.isFinite(value) && (!isMonthly || value < 1))
    return isMonthly ? -Math.log(1 - value) / hoursPerMonth : value;
  throw bad(flagText, 'a rate such as 0.01/h, or the share of machines taken back in a month such as 5%/month');
}

/** Numbers between commas, as many as `count` says; a dollar sign may come first. */
export function parseNumbers(flagText: FlagText, count: number, expected: string): readonly number[] {
  const values = flagText.text.split(',').map((part) => plainNumber(part.trim().replace(/^\$/, '')));
  if (values.length === count && values.every((value) => Number.isFinite(value))) return values;
  throw bad(flagText, expected);
}

/** `0.3`, `30%`, or `zipf:S,KEYS,SIZE`: an exact cache of SIZE entries before KEYS things asked for by Zipf's law. */
export type CacheText =
  | { readonly kind: 'share'; readonly hit: number }
  | { readonly kind: 'zipf'; readonly exponent: number; readonly keys: number; readonly size: number };

export function parseCache(flagText: FlagText): CacheText {
  const [, rest] = /^zipf:(.*)$/i.exec(flagText.text.trim()) ?? [];
  if (rest === undefined) return { kind: 'share', hit: parsePart(flagText) };
  const expected = 'zipf:S,KEYS,SIZE with an exponent and two whole numbers, fewer entries than keys: zipf:1,10000,500';
  const [exponent = 0, keys = 0, size = 0] = parseNumbers({ ...flagText, text: rest }, 3, expected);
  const isSound = Number.isSafeInteger(keys) && Number.isSafeInteger(size) && size >= 1 && size < keys;
  if (!isSound || keys > 10_000_000) throw bad(flagText, expected);
  return { kind: 'zipf', exponent, keys, size };
}

/** `office`, `consumer`, `flat`, or 24 numbers: the load of each hour of a day, in any unit. */
export type ProfileText = { readonly name: string } | { readonly hours: readonly number[] };

export function parseProfile(flagText: FlagText): ProfileText {
  if (!flagText.text.includes(',')) return { name: flagText.text.trim() };
  const expected = '24 numbers from 0 on, one an hour of the day, or a profile by name (office, consumer, flat)';
  const hours = parseNumbers(flagText, 24, expected);
  if (hours.every((load) => load === 0)) throw bad(flagText, expected);
  return { hours };
}

/** `poisson`, `gamma:CV` or the path of a CSV file with times of arrival. */
export type ArrivalsText =
  | { readonly kind: 'poisson' }
  | { readonly kind: 'gamma'; readonly variation: number }
  | { readonly path: string };

export function parseArrivals(flagText: FlagText): ArrivalsText {
  const text = flagText.text.trim();
  if (text === 'poisson') return { kind: 'poisson' };
  const [, variation] = /^gamma:(.*)$/i.exec(text) ?? [];
  const expected = 'poisson, gamma:CV with a coefficient of variation such as gamma:2, or the path of a .csv file';
  if (variation !== undefined)
    return { kind: 'gamma', variation: parsePositive({ ...flagText, text: variation }, expected) };
  if (/\.(csv|txt|tsv)$/i.test(text)) return { path: text };
  throw bad(flagText, expected);
}

/** `small,large` as they are named: paths or labels of two models. */
export function parsePair(flagText: FlagText, expected: string): readonly [string, string] {
  const [first = '', second = '', ...more] = flagText.text.split(',').map((part) => part.trim());
  if (first === '' || second === '' || first === second || more.length > 0) throw bad(flagText, expected);
  return [first, second];
}

/** `[RESULT=]INSTANCE`; '' where it is of all results. The last `=` counts: instances have none in their names. */
export function parseMeasuredOn({ flag, text }: FlagText): readonly [result: string, instance: string] {
  const at = text.lastIndexOf('=');
  const instance = text.slice(at + 1).trim();
  if (instance === '' || at === 0) throw bad({ flag, text }, 'INSTANCE or RESULT=INSTANCE');
  return [at === -1 ? '' : text.slice(0, at), instance];
}

/** `1000,250`: tokens in and out of a request. */
export function parseTokens(flagText: FlagText): { readonly input: number; readonly output: number } {
  const expected = 'two whole numbers: tokens in and out of a request, such as 1000,250 (0 out for embeddings)';
  const [input = 0, output = 0] = parseNumbers(flagText, 2, expected);
  if (input + output > 0 && Number.isSafeInteger(input) && Number.isSafeInteger(output)) return { input, output };
  throw bad(flagText, expected);
}

/** `$249,15,3`: price, watts and years of a device. */
export function parseEdge(flagText: FlagText): {
  readonly deviceUsd: number;
  readonly watts: number;
  readonly years: number;
} {
  const expected = 'the price in US dollars, the watts and the years of use of a device, such as 249,15,3';
  const [deviceUsd = 0, watts = 0, years = 0] = parseNumbers(flagText, 3, expected);
  if (!(deviceUsd > 0 && years > 0)) throw bad(flagText, expected);
  return { deviceUsd, watts, years };
}

/** Dollars from 0 on. */
export function parseUsd(flagText: FlagText): number {
  return parseNonNegative({ ...flagText, text: flagText.text.trim().replace(/^\$/, '') });
}
