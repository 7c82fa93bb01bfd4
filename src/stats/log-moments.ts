/** Mean and variance of logarithms. */
export interface LogMoments {
  readonly n: number;
  readonly mean: number;
  /** With n - 1 in the denominator; NaN for a single value. */
  readonly variance: number;
}

/** @throws RangeError when there are no values or one is not positive and finite */
export function logMoments(values: readonly number[]): LogMoments {
  if (values.length === 0) throw new RangeError('an interval needs at least one value');
  for (const value of values) {
    if (!(value > 0 && Number.isFinite(value)))
      throw new RangeError(`an interval on the log needs positive values, got ${value}`);
  }
  const n = values.length;
  const logs = values.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / n;
  return { n, mean, variance: logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (n - 1) };
}
