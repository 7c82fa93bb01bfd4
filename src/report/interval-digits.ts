import type { Estimate } from '../result/envelope.ts';
import { formatNumber } from './units.ts';

/** Significant digits of a figure that an interval leaves more of. */
const mostDigits = 4;
/** Decimals from which on a figure reads better as a power of ten. */
const mostDecimals = 7;

/**
 * `0.279 [0.276, 0.282]`, `1,230 [920, 1,540]`: to the digits that its interval leaves standing, which are two of its
 * half-width. Of an interval without width, or without bounds, three digits of the value.
 */
export function intervalText(estimate: Estimate): string {
  const { value, low, high } = estimate;
  if ((low === null) !== (high === null)) return openText(estimate);
  const decimals = decimalsOf(estimate);
  if (decimals === null || low === null || high === null) return numberText(value);
  const [own, ...ends] = [value, low, high].map((figure) => fixedText(figure, decimals));
  // An interval that its digits do not show is none to look at.
  return ends.every((end) => end === own) ? `${own}` : `${own} [${ends.join(', ')}]`;
}

/** `0.28 [0.27, ∞]`: where one bound alone is told, nothing tells how far off the value may be: two digits. */
function openText({ value, low, high }: Estimate): string {
  return `${twoDigits(value)} [${low === null ? '?' : twoDigits(low)}, ${high === null ? '∞' : twoDigits(high)}]`;
}

function twoDigits(value: number): string {
  return value === 0 ? '0' : fixedText(value, 1 - exponentOf(Math.abs(value)));
}

/** The value alone, to the same digits. */
export function valueText(estimate: Estimate): string {
  if ((estimate.low === null) !== (estimate.high === null)) return twoDigits(estimate.value);
  const decimals = decimalsOf(estimate);
  return decimals === null ? numberText(estimate.value) : fixedText(estimate.value, decimals);
}

/** What follows from an estimate by a factor: as uncertain as that, relative to its size. */
export function derivedText(value: number, from: Estimate): string {
  const { low, high } = from;
  if (low === null || high === null || from.value === 0) return numberText(value);
  const [one, other] = [(value * low) / from.value, (value * high) / from.value];
  return valueText({ value, low: Math.min(one, other), high: Math.max(one, other) });
}

/** The estimate times a number: another unit. */
export function scaledBy({ value, low, high }: Estimate, scale: number): Estimate {
  return { value: value * scale, low: low === null ? null : low * scale, high: high === null ? null : high * scale };
}

/** Below 0 where tens and hundreds do not stand either; null where no interval says how many do. */
function decimalsOf({ value, low, high }: Estimate): number | null {
  if (low === null || high === null) return null;
  const halfWidth = (high - low) / 2;
  if (!(halfWidth > 0) || !Number.isFinite(halfWidth)) return null;
  const size = Math.max(Math.abs(value), halfWidth);
  return Math.min(1 - exponentOf(halfWidth), Math.max(0, mostDigits - 1 - exponentOf(size)));
}

function exponentOf(value: number): number {
  return Math.floor(Math.log10(value));
}

function fixedText(value: number, decimals: number): string {
  const size = Math.abs(value);
  if (decimals > mostDecimals) return signed(value, powerText(size, decimals));
  const [whole = '', fraction] = roundedText(size, decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return signed(value, fraction === undefined ? grouped : `${grouped}.${fraction}`);
}

function roundedText(size: number, decimals: number): string {
  if (decimals >= 0) return size.toFixed(decimals);
  const unit = 10 ** -decimals;
  return (Math.round(size / unit) * unit).toFixed(0);
}

function powerText(size: number, decimals: number): string {
  return size === 0 ? '0' : size.toExponential(Math.max(0, decimals + exponentOf(size)));
}

function numberText(value: number): string {
  return signed(value, formatNumber(Math.abs(value)));
}

/** What is rounded away has no sign. */
function signed(value: number, text: string): string {
  return value < 0 && Number(text.replaceAll(',', '')) !== 0 ? `−${text}` : text;
}
