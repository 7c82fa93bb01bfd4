export interface Schedule {
  /** Steps of the whole training. */
  readonly steps: number;
  /** Steps over which the rate grows to its peak; 0 starts there. */
  readonly warmUp: number;
  readonly peak: number;
  /** What the rate falls to after the last step. */
  readonly floor: number;
}

/**
 * The learning rate of a step, counted from 0: it grows in a line over the warm-up (Goyal and others, "Accurate, Large
 * Minibatch SGD", 2017) and falls along half a cosine (Loshchilov and Hutter, "SGDR", 2017, without restarts). No step
 * of a training has the rate 0 unless its peak is.
 */
export function learningRateAt(step: number, { steps, warmUp, peak, floor }: Schedule): number {
  if (step < warmUp) return (peak * (step + 1)) / (warmUp + 1);
  const progress = Math.min(1, (step - warmUp) / Math.max(1, steps - warmUp));
  return floor + ((peak - floor) * (1 + Math.cos(Math.PI * progress))) / 2;
}
