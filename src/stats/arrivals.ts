import { gammaDeviate } from './gamma-deviate.ts';
import { createRandom } from './seeded-random.ts';
import type { Random } from './seeded-random.ts';

/** How requests arrive. */
export type ArrivalPattern =
  | { readonly kind: 'poisson' }
  /** A renewal process with gamma gaps of this coefficient of variation: 1 is Poisson, 0 even gaps, 13.2 a bursty code assistant. */
  | { readonly kind: 'gamma'; readonly variation: number }
  /** Times of arrival, ascending from 0, played in a loop and stretched to the rate that is asked for. */
  | { readonly kind: 'trace'; readonly timesMs: Float64Array; readonly path: string };

/**
 * Times of arrival in mean gaps, so that a rate only stretches them: a fleet under more load meets the same requests
 * closer together.
 *
 * @returns `count` ascending times; the mean gap is 1
 */
export function unitArrivals(pattern: ArrivalPattern, count: number, seed: number): Float64Array {
  if (pattern.kind === 'trace') return loopedTrace(pattern.timesMs, count);
  const random = createRandom(seed, 'arrivals');
  const gap = pattern.kind === 'poisson' ? exponentialGap(random) : gammaGap(random, pattern.variation);
  const times = new Float64Array(count);
  let time = 0;
  for (let i = 0; i < count; i++) {
    time += gap();
    times[i] = time;
  }
  return times;
}

function exponentialGap(random: Random): () => number {
  return () => -Math.log(1 - random.next());
}

/** A coefficient of variation v is the shape 1 / v²; without any, gaps are even. */
function gammaGap(random: Random, variation: number): () => number {
  if (variation === 0) return () => 1;
  const square = variation * variation;
  return () => gammaDeviate(random, 1 / square) * square;
}

/**
 * A trace again and again. Between its last and its next first request lies the mean gap of the trace, so that a loop
 * has its rate.
 */
function loopedTrace(timesMs: Float64Array, count: number): Float64Array {
  const length = timesMs.length;
  const meanGap = traceGap(timesMs);
  const times = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const loop = Math.floor(i / length);
    times[i] = (timesMs[i - loop * length] ?? 0) / meanGap + loop * length;
  }
  return times;
}

/** Mean gap of a trace of two requests and more, in its unit. */
export function traceGap(times: Float64Array): number {
  return ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1);
}
