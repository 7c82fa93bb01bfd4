/** Median service time of a run by its batch. */
export interface TimeByBatch {
  /** Milliseconds of a run of `batch` items, a whole number from 1 to the curve's `largestBatch`. */
  msAt(batch: number): number;
}

/**
 * How long a replica takes for a batch, of the points of one sweep: same model, machine, provider, threads, instances
 * and dimensions, different batches.
 */
export interface ServiceCurve extends TimeByBatch {
  /** `linear`: τ0 + α·b; `piecewise`: monotone through the measured points, where the line misses one by more than 5 %. */
  readonly kind: 'linear' | 'piecewise';
  readonly points: readonly CurvePoint[];
  readonly smallestBatch: number;
  /** Nothing is told beyond it: batches that were not measured are not chosen. */
  readonly largestBatch: number;
  /** Of the line, fitted by weighted least squares, even where it is not what is used. */
  readonly tau0Ms: number;
  readonly alphaMs: number;
  /** Largest |residual| of the line, relative to the measured point. */
  readonly largestResidual: number;
  /**
   * Equally probable curves, given how the rounds vary (Student's t for few rounds). Empty where no point has more than
   * one round: then there is no interval. Curves of one result have draws in common: the n-th of each takes the rounds
   * to have been equally lucky.
   */
  readonly draws: readonly TimeByBatch[];
  /** Service times of runs over their block's median, pooled and thinned to at most 2,000, ascending. */
  readonly ratios: Float64Array;
}

export interface CurvePoint {
  readonly batch: number;
  readonly measuredMs: { readonly value: number; readonly low: number | null; readonly high: number | null };
  readonly fittedMs: number;
  readonly rounds: number;
}
