const digits = 3;

/** Three significant digits, whole digits never dropped, thousands grouped: 0.0123, 1.23, 12.3, 1,235. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return '0';
  const rounded = Number(value.toPrecision(digits));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
  if (decimals > 6) return rounded.toExponential(digits - 1);
  const [whole = '', fraction] = value.toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

export type TimeUnit = 's' | 'ms' | 'µs';
const msPer: Readonly<Record<TimeUnit, number>> = { s: 1000, ms: 1, µs: 0.001 };

/** The number alone, in the given unit. */
export function inUnit(ms: number, unit: TimeUnit): string {
  return formatNumber(ms / msPer[unit]);
}

/** One unit for a whole column, so that its numbers compare at a glance: the one in which the largest reads well. */
export function timeUnitFor(ms: readonly number[]): TimeUnit {
  const largest = Math.max(0, ...ms);
  if (largest >= 10_000) return 's';
  return largest < 1 && largest > 0 ? 'µs' : 'ms';
}

/** A time on its own: µs below 0.1 ms, s from 1 s, minutes from 2 min. */
export function formatMs(ms: number): string {
  if (ms >= 120_000) return formatMinutes(ms);
  if (Number(ms.toPrecision(digits)) >= 1000) return `${inUnit(ms, 's')} s`;
  return ms > 0 && ms < 0.1 ? `${inUnit(ms, 'µs')} µs` : `${formatNumber(ms)} ms`;
}

function formatMinutes(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const rest = seconds % 60;
  return rest === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${rest} s`;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Binary units: 512 B, 1.50 KiB, 97.8 MiB. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (unit < byteUnits.length - 1 && Number(value.toPrecision(digits)) >= 1000) {
    value /= 1024;
    unit += 1;
  }
  return unit === 0 ? `${value} B` : `${formatNumber(value)} ${byteUnits[unit] ?? ''}`;
}

const magnitudes = ['', ' k', ' M', ' G', ' T', ' P'] as const;

/** A count that may be huge, in steps of 1,000: 512, 12.3 k, 4.09 G. */
export function formatMagnitude(n: number): string {
  let value = n;
  let step = 0;
  while (step < magnitudes.length - 1 && Number(value.toPrecision(digits)) >= 1000) {
    value /= 1000;
    step += 1;
  }
  return step === 0 ? String(value) : `${formatNumber(value)}${magnitudes[step] ?? ''}`;
}

/** A share as a percentage: one decimal below 10 %, none above. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  return `${percent.toFixed(Math.abs(percent) < 9.95 ? 1 : 0)} %`;
}

/** `±1.2 %` */
export function formatPlusMinus(share: number): string {
  // Beyond its own size an interval says only that nothing is known.
  return share > 1 ? '±>100 %' : `±${formatPercent(share)}`;
}

/** `1.23x` */
export function formatRatio(ratio: number): string {
  return `${formatNumber(ratio)}x`;
}

/** A whole number to its last digit, thousands grouped: 16,315,376. */
export function formatWhole(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 block`, `1,200 blocks` */
export function count(n: number, noun: string): string {
  return n === 1 ? `${formatWhole(n)} ${noun}` : `${formatWhole(n)} ${noun}s`;
}
