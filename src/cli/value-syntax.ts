import { UsageError } from '../errors.ts';

/** A flag's text and its name, for messages. */
export interface FlagText {
  readonly flag: string;
  readonly text: string;
}

/** Longest list a sweep may expand to: beyond it a typo (`1-1000000+1`) is likelier than a wish. */
const longestList = 10_000;

/**
 * Reads `1,2,4`, `1-32*2` (geometric), `1-9+2` (arithmetic) and `1-4` (by one), in any mixture.
 * Throws UsageError 'bad-list' for anything but whole numbers from `least` on.
 */
export function parseList({ flag, text }: FlagText, least = 1): readonly number[] {
  const parts = text.split(',').map((part) => part.trim());
  const values = parts.flatMap((part) => parsePart(part, { flag, text }, least));
  return [...new Set(values)];
}

function parsePart(part: string, whole: FlagText, least: number): readonly number[] {
  const match = /^(\d+)(?:-(\d+)(?:([*+])(\d+))?)?$/.exec(part);
  if (match === null) throw badList(whole, `'${part}' is not a number or a range like 1-32*2`);
  const [, from = '', to, operator = '+', step = '1'] = match;
  const first = Number(from);
  const last = Number(to ?? from);
  if (first < least) throw badList(whole, `${first} is below ${least}`);
  if (last < first) throw badList(whole, `the range ${part} runs downward`);
  if (!Number.isSafeInteger(last)) throw badList(whole, `${to ?? from} is too large`);
  return expand({ first, last, operator, step: Number(step) }, whole);
}

interface Range {
  readonly first: number;
  readonly last: number;
  readonly operator: string;
  readonly step: number;
}

function expand({ first, last, operator, step }: Range, whole: FlagText): readonly number[] {
  if (operator === '*' ? step < 2 || first === 0 : step < 1)
    throw badList(whole, `a step of ${operator}${step} never ends`);
  const values: number[] = [];
  for (let value = first; value <= last; value = operator === '*' ? value * step : value + step) {
    values.push(value);
    if (values.length > longestList) throw badList(whole, `it has more than ${longestList} values`);
  }
  return values;
}

function badList({ flag, text }: FlagText, problem: string): UsageError {
  return new UsageError('bad-list', { flag, value: text, problem });
}

/** A whole number from `least` on. */
export function parseCount({ flag, text }: FlagText, least = 1): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (!(value >= least) || !Number.isSafeInteger(value))
    throw new UsageError('bad-value', { flag, value: text, expected: `a whole number from ${least} on` });
  return value;
}

const msPerUnit: Readonly<Record<string, number>> = { ms: 1, s: 1000, '': 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** A time with its unit (`500ms`, `2s`, `3m`); a bare number is seconds. In ms. */
export function parseDurationMs({ flag, text }: FlagText): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h|)$/.exec(text.trim());
  const unitMs = msPerUnit[match?.[2] ?? 'none'];
  if (match === null || unitMs === undefined || Number(match[1]) === 0)
    throw new UsageError('bad-value', { flag, value: text, expected: 'a time such as 500ms, 2s or 3m' });
  return Number(match[1]) * unitMs;
}

/** `3%` or `0.03`, as a share between 0 and 1. */
export function parseShare({ flag, text }: FlagText): number {
  const match = /^(\d+(?:\.\d+)?)(%?)$/.exec(text.trim());
  const value = match === null ? Number.NaN : Number(match[1]) / (match[2] === '%' ? 100 : 1);
  if (!(value > 0 && value < 1))
    throw new UsageError('bad-value', { flag, value: text, expected: 'a share such as 3% or 0.03' });
  return value;
}

/** A number from 0 on. */
export function parseNonNegative({ flag, text }: FlagText): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= 0 && Number.isFinite(value)))
    throw new UsageError('bad-value', { flag, value: text, expected: 'a number from 0 on' });
  return value;
}

/** Splits `NAME=VALUE` at the first `=`. */
export function parseAssignment({ flag, text }: FlagText): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1)
    throw new UsageError('bad-value', { flag, value: text, expected: 'NAME=VALUE' });
  return [text.slice(0, at), text.slice(at + 1)];
}

/** `1x3x224x224` as axis lengths; an empty axis (0) is allowed. */
export function parseShape({ flag, text }: FlagText): readonly number[] {
  if (!/^\d+(x\d+)*$/.test(text))
    throw new UsageError('bad-value', { flag, value: text, expected: 'a shape such as 1x3x224x224' });
  return text.split('x').map(Number);
}

/** One of a set of names; the message suggests the nearest. */
export function parseName<T extends string>({ flag, text }: FlagText, known: readonly T[]): T {
  const found = known.find((name) => name === text.trim());
  if (found === undefined) throw new UsageError('unknown-name', { what: flag, value: text, known });
  return found;
}
