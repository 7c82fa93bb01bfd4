import { formatPercent } from './units.ts';

/** `−73 %`; empty where nothing changed or there was nothing before. */
export function changeText(before: number, after: number): string {
  if (before === 0 || before === after) return '';
  const change = after / before - 1;
  return `${change > 0 ? '+' : '−'}${formatPercent(Math.abs(change))}`;
}
