export interface SmoothingRanges {
  /** max |x| of each channel. */
  readonly inputs: ArrayLike<number>;
  /** max |w| of what multiplies each channel. */
  readonly weights: ArrayLike<number>;
  /** 0 … 1: how much of the difficulty goes from the inputs to the weights. */
  readonly alpha: number;
}

/** Factors further from the middle would rather be an error than an outlier. */
const mostFactor = 1e4;

/**
 * What the weights of each channel are multiplied by, and its input divided by: max|x|^a / max|w|^(1-a), around 1 in
 * the geometric middle (Xiao et al., "SmoothQuant", 2023, equation 4). Channels without input or weights get 1.
 */
export function smoothingFactors({ inputs, weights, alpha }: SmoothingRanges): Float64Array {
  const logs = Float64Array.from(inputs, (x, i) => alpha * Math.log(x) - (1 - alpha) * Math.log(weights[i] ?? 0));
  let [sum, count] = [0, 0];
  for (const log of logs)
    if (Number.isFinite(log)) {
      sum += log;
      count++;
    }
  const middle = count === 0 ? 0 : sum / count;
  return logs.map((log) =>
    Number.isFinite(log) ? Math.min(Math.max(Math.exp(log - middle), 1 / mostFactor), mostFactor) : 1,
  );
}
