export interface BisectTrial<T> {
  readonly at: number;
  readonly passes: boolean;
  readonly value: T;
}

export interface BisectOptions<T> {
  /** Bounds of the search, neither of which is tried for its own sake. */
  readonly low: number;
  readonly high: number;
  /** Whether the largest value that passes is looked for, smaller ones passing sooner, or the smallest. */
  readonly wanted: 'largest' | 'smallest';
  readonly trial: (at: number) => Promise<{ readonly passes: boolean; readonly value: T }>;
  /** Where to start; halfway unless given. */
  readonly first?: number;
  /** Ends once what is known to pass and what is known to fail are this close. */
  readonly tolerance: number;
  readonly mostTrials: number;
  /** What a value comes to. Of values that come to the same only one is tried. */
  readonly identify?: (at: number) => string;
}

export interface BisectResult<T> {
  /** The best that passed; null where nothing did. */
  readonly best: BisectTrial<T> | null;
  /** All that was tried, in order. */
  readonly trials: readonly BisectTrial<T>[];
}

/**
 * Bisection on something that is dear to try and measured with noise: every trial is kept, and the best that passed is
 * taken, whatever came out around it.
 */
export async function bisect<T>(options: BisectOptions<T>): Promise<BisectResult<T>> {
  const { wanted, tolerance, mostTrials, identify } = options;
  const known = new Map<string, BisectTrial<T>>();
  const trials: BisectTrial<T>[] = [];
  const sign = wanted === 'largest' ? 1 : -1;
  let [passing, failing] = sign === 1 ? [options.low, options.high] : [options.high, options.low];
  let at = options.first ?? (passing + failing) / 2;
  while (true) {
    const key = identify?.(at) ?? String(at);
    const seen = known.get(key);
    if (seen === undefined && trials.length >= mostTrials) break;
    const found = seen ?? { at, ...(await options.trial(at)) };
    if (seen === undefined) {
      known.set(key, found);
      trials.push(found);
    }
    if (found.passes) passing = at;
    else failing = at;
    const isSettled = Math.abs(failing - passing) <= tolerance;
    at = (passing + failing) / 2;
    if (isSettled || at === passing || at === failing) break;
  }
  return { best: bestOf(trials, sign), trials };
}

function bestOf<T>(trials: readonly BisectTrial<T>[], sign: number): BisectTrial<T> | null {
  let best: BisectTrial<T> | null = null;
  for (const trial of trials) if (trial.passes && (best === null || sign * trial.at > sign * best.at)) best = trial;
  return best;
}
