import { logGamma } from '../../stats/log-gamma.ts';

/** What is told of latencies, in ms. */
export interface LatencyFigures {
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
}

/** Of an exponential tail from the median on: -ln of 0.01 / 0.5. */
const tailAtP99 = Math.log(50);

/** Beyond, the mean of a tail grows again. */
const longestTail = 3.4;

/** Of the median: the mean of the lower half is taken to be no less. */
const leastLowerMean = 0.1;

/**
 * Latencies with a given mean, median and 99th percentile. Above the median a tail p50 + s·E^k of an exponential E, where
 * k = 1 is what queues have (Erlang); below, from a shortest latency on. The lower half makes up for the mean; where it
 * would lie above the median or near 0, the tail's shape does.
 *
 * @returns the latency at a share of requests in [0, 1)
 */
export function latencyQuantiles({ mean, p50, p99 }: LatencyFigures): (share: number) => number {
  const spread = Math.max(0, p99 - p50);
  // The mean is half of that of the upper half, p50 + spread · tailMean(k), and half of the lower half's.
  const wanted = 2 * mean - p50 - spread * tailMean(1);
  const lower = Math.min(p50, Math.max(p50 * leastLowerMean, wanted));
  const k = lower === wanted || spread === 0 ? 1 : shapeFor((2 * mean - p50 - lower) / spread);
  // Evenly from a shortest latency on, or from 0 on with more of the short ones.
  const shortest = Math.max(0, 2 * lower - p50);
  const bend = shortest > 0 ? 1 : p50 / lower - 1;
  return (share) => {
    if (share < 0.5) return shortest + (p50 - shortest) * (2 * share) ** bend;
    return p50 + spread * (-Math.log(2 - 2 * share) / tailAtP99) ** k;
  };
}

/** Mean of a tail that reaches 1 at p99: Γ(1 + k) / ln(50)^k, which falls from 1 as k grows from 0. */
function tailMean(k: number): number {
  return Math.exp(logGamma(1 + k)) / tailAtP99 ** k;
}

function shapeFor(mean: number): number {
  let low = 0;
  let high = longestTail;
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (tailMean(middle) > mean) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
