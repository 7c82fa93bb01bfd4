import type { Interval } from './interval.ts';

/** Beyond this nobody collects samples for one decision. */
const most = 1e9;

/**
 * How many samples would bring an interval, the estimate staying where it is, to one side of a limit: the fewest for
 * which the bound toward the limit reaches it. Null when it is there already, or never would be within a billion.
 * @param intervalAt the interval that so many samples with the same shares or spread would have
 */
export function samplesToDecide(samples: number, limit: number, intervalAt: (n: number) => Interval): number | null {
  const decides = (n: number): boolean => {
    const { low, high } = intervalAt(n);
    return low !== null && high !== null && (high <= limit || low > limit);
  };
  if (samples <= 0 || decides(samples)) return null;
  let tooFew = samples;
  let enough = 2 * samples;
  while (!decides(enough)) {
    if (enough > most) return null;
    tooFew = enough;
    enough *= 2;
  }
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (decides(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

/** The interval that `n` samples would have, its sides falling with the root of their number. */
export function intervalAtSamples(interval: Interval, samples: number): (n: number) => Interval {
  const { value, low, high } = interval;
  if (low === null || high === null) return () => interval;
  return (n) => {
    const scale = Math.sqrt(samples / n);
    return { value, low: value - (value - low) * scale, high: value + (high - value) * scale };
  };
}
