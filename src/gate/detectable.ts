import { detectableChange } from '../stats/detectable-change.ts';
import { upperDeviation } from '../stats/upper-deviation.ts';

/** Pairs that a plan's spread is told from. */
export interface DetectablePlan {
  /** Log-ratios of pairs. */
  readonly logs: readonly number[];
  readonly pairs: number;
  /** Of this one test. */
  readonly alpha: number;
  /** The log-ratio that the test is held against. */
  readonly limit: number;
}

/**
 * The smallest change for the worse that will be found in 4 of 5 runs, from the spread of the first few pairs, taken as
 * large as it may well be. Null where none could be.
 */
export function detectableBefore({ logs, pairs, alpha, limit }: DetectablePlan): number | null {
  if (logs.length < 2 || pairs < 1) return null;
  return detectableChange({ sd: upperDeviation(logs), pairs, alpha, tolerance: Math.expm1(limit) });
}

/** The same once all pairs are taken, from the spread that they had. */
export function detectableAfter({ logs, alpha, limit }: Omit<DetectablePlan, 'pairs'>): number | null {
  if (logs.length < 2) return null;
  return detectableChange({ sd: deviation(logs), pairs: logs.length, alpha, tolerance: Math.expm1(limit) });
}

/** Of a sample, with n - 1 in the denominator. */
export function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
