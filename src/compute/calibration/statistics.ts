/** Bins of every histogram, as in TensorRT's calibrators. */
export const binCount = 2048;

/** How often values fell into each of {@link binCount} bins of equal width. */
export interface Histogram {
  /** Lower end of the first bin: the smallest value or 0, whichever is less. */
  readonly low: number;
  /** Upper end of the last bin: the largest value or 0, whichever is more. Equal to `low` where all is zero. */
  readonly high: number;
  /** Whole numbers, [2048]. */
  readonly counts: Float64Array;
}

/** What is known of each slice along one axis, [length of the axis] each, over all runs. */
export interface ChannelStatistics {
  readonly axis: number;
  readonly means: Float64Array;
  readonly absMax: Float64Array;
  readonly absMeans: Float64Array;
}

/** What a value was over all runs in which all of its elements were finite. */
export interface ValueStatistics {
  /** Elements seen, above 0. */
  readonly elements: number;
  /** Runs in which it had elements, all finite. */
  readonly runs: number;
  readonly min: number;
  readonly max: number;
  /** Moving averages of the runs' extremes: a new run counts 0.01 (onnxruntime's calibrate.py, averaging_constant). */
  readonly averageMin: number;
  readonly averageMax: number;
  readonly histogram: Histogram;
  /** Null where nobody asked, or where the axis is not as long in every run. */
  readonly channels: ChannelStatistics | null;
}

/** NaN or infinities in a value: nothing of such a run counts for it. */
export interface NotFinite {
  readonly name: string;
  /** First run it was seen in, from 0 in the order of the batches. */
  readonly run: number;
  /** Number of such runs. */
  readonly runs: number;
}

export interface Statistics {
  readonly values: ReadonlyMap<string, ValueStatistics>;
  /** Values that had no element in any run, and names that the main graph does not know: what is inside branches. */
  readonly neverSeen: readonly string[];
  /** Values that the runtime could not be made to measure, such as sequences. */
  readonly refused: readonly string[];
  readonly notFinite: readonly NotFinite[];
}
