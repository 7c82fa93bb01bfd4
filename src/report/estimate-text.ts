import type { Estimate } from '../result/envelope.ts';
import { formatNumber } from './units.ts';

/** How a figure is written: in percent, in points (of a difference of shares), in dB, as a ratio, or as it is. */
export type FigureUnit = 'percent' | 'points' | 'dB' | 'ratio' | 'plain';

interface Writing {
  readonly scale: number;
  readonly suffix: string;
  /** Digits after the point where an interval says how many count. */
  readonly decimals: readonly [least: number, most: number];
}

const writings: Readonly<Record<FigureUnit, Writing>> = {
  percent: { scale: 100, suffix: ' %', decimals: [1, 4] },
  points: { scale: 100, suffix: ' pt', decimals: [1, 4] },
  dB: { scale: 1, suffix: ' dB', decimals: [1, 1] },
  ratio: { scale: 1, suffix: 'x', decimals: [2, 4] },
  plain: { scale: 1, suffix: '', decimals: [0, 8] },
};

/** `97.2 % [96.1, 98.0]`, to the digits that its interval leaves standing; `-` where it is not known. */
export function estimateText(estimate: Estimate | null, unit: FigureUnit, { signed = false } = {}): string {
  if (estimate === null) return '-';
  const { scale, suffix, decimals: bounds } = writings[unit];
  const { value, low, high } = scaled(estimate, scale);
  const decimals = low === null || high === null ? null : decimalsFor((high - low) / 2, bounds);
  const write = (figure: number) => (decimals === null ? plainText(figure) : fixedText(figure, decimals));
  const own = `${signed && value > 0 ? '+' : ''}${write(value)}${suffix}`;
  return low === null || high === null ? own : `${own} [${write(low)}, ${write(high)}]`;
}

/** A limit in its unit, as short as it was written: `0.5 pt`. */
export function limitText(value: number, unit: FigureUnit): string {
  const { scale, suffix } = writings[unit];
  return `${Number((value * scale).toPrecision(6))}${suffix}`;
}

function scaled({ value, low, high }: Estimate, scale: number): Estimate {
  return { value: value * scale, low: low === null ? null : low * scale, high: high === null ? null : high * scale };
}

/** Two digits of the half-width, within bounds; null where there is none to go by. */
function decimalsFor(halfWidth: number, [least, most]: Writing['decimals']): number | null {
  if (!(halfWidth > 0)) return null;
  return Math.min(most, Math.max(least, 1 - Math.floor(Math.log10(halfWidth))));
}

function fixedText(value: number, decimals: number): string {
  // What is rounded away has no sign.
  const text = Math.abs(value).toFixed(decimals);
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const sign = value < 0 && Number(text) !== 0 ? '−' : '';
  return `${sign}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

function plainText(value: number): string {
  return formatNumber(value).replace('-', '−');
}
