import type { Interval } from './interval.ts';
import { logInterval } from './log-interval.ts';

interface Pair {
  readonly base: number;
  readonly head: number;
}

/**
 * Geometric mean of head / base over rounds that ran both, and its interval by Student's t on the log-ratio of each
 * round. What disturbs a round (neighbors, clock, temperature) disturbs both of its blocks and cancels in their ratio;
 * pairing is what makes a difference of a few percent visible on a machine that drifts by more.
 *
 * @param pairs positive measurements in the same unit
 * @returns null bounds for a single pair
 * @throws RangeError when there are no pairs or a measurement is not positive and finite
 */
export function pairedRatio(pairs: readonly Pair[], confidence = 0.95): Interval {
  for (const { base, head } of pairs) {
    if (!(base > 0 && head > 0)) throw new RangeError(`a ratio needs positive measurements, got ${head} / ${base}`);
  }
  return logInterval(
    pairs.map(({ base, head }) => head / base),
    confidence,
  );
}
