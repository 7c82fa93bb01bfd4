import type { Estimate } from '../result/envelope.ts';
import type { Interval } from '../stats/interval.ts';

/** An interval as results hold it: null for a figure, or a bound, that is no finite number. */
export function estimateOf({ value, low, high }: Interval): Estimate | null {
  if (!Number.isFinite(value)) return null;
  return { value, low: finiteOrNull(low), high: finiteOrNull(high) };
}

export function finiteOrNull(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
