import { indexDrawer } from './draw-indices.ts';
import type { Interval } from './interval.ts';
import { normalCdf, normalQuantile, z95 } from './normal.ts';
import { quantileOfSorted } from './quantile.ts';
import type { Random } from './seeded-random.ts';

/** A figure of the samples picked by index, repeats included; of all samples for null. */
export type Statistic = (picked: Uint32Array | null) => number;

export interface BootstrapOptions {
  readonly random: Random;
  /** Draws; by default 2,000, fewer where that many would take 10 million picks, but never below 400. */
  readonly resamples?: number;
}

export interface Bootstrap {
  /** 95 %. Null bounds for a single sample. */
  readonly interval: Interval;
  /** Two-sided p of the figure truly being `hypothesis`: below 0.05 where the interval leaves it out. */
  pValue(hypothesis: number): number;
}

/** Samples that are left out together for the acceleration: leaving out each of many alone would take their square. */
const jackknifeGroups = 100;

/**
 * What a statistic of `size` independent samples would vary between, by resampling them: the bias-corrected and
 * accelerated percentile interval (BCa; Efron, "Better Bootstrap Confidence Intervals", Journal of the American
 * Statistical Association 82, 1987; Efron and Tibshirani, An Introduction to the Bootstrap, 1993, 14.3), with the
 * acceleration from a grouped jackknife. The p-value is the interval inverted.
 *
 * A difference of two models on the same samples is one statistic: picking samples picks both of their scores, which is
 * the paired bootstrap (Koehn, "Statistical Significance Tests for Machine Translation Evaluation", EMNLP 2004).
 * @throws RangeError without samples
 */
export function bootstrap(size: number, statistic: Statistic, { random, resamples }: BootstrapOptions): Bootstrap {
  if (!(size > 0)) throw new RangeError('a bootstrap needs at least one sample');
  const value = statistic(null);
  if (size === 1 || !Number.isFinite(value)) return boundless(value);
  const draws = resampled(size, statistic, { random, resamples: resamples ?? usualResamples(size) });
  if (Number.isNaN(draws.at(-1))) return boundless(value);
  const shape = { bias: normalQuantile(shareBelow(draws, value)), acceleration: acceleration(size, statistic) };
  const bound = (z: number): number => quantileOfSorted(draws, normalCdf(shifted(z, shape)));
  return {
    interval: { value, low: Math.min(value, bound(-z95)), high: Math.max(value, bound(z95)) },
    pValue: (hypothesis) => pValue(draws, hypothesis, shape),
  };
}

/** The mean of the values picked; of all of them for null. */
export function meanStatistic(values: Float64Array): Statistic {
  return (picked) => {
    const size = (picked ?? values).length;
    let sum = 0;
    for (let i = 0; i < size; i++) sum += values[picked === null ? i : (picked[i] ?? 0)] ?? 0;
    return sum / size;
  };
}

function boundless(value: number): Bootstrap {
  return { interval: { value, low: null, high: null }, pValue: () => Number.NaN };
}

function usualResamples(size: number): number {
  return Math.max(400, Math.min(2000, Math.floor(1e7 / size)));
}

/** The statistic of each resample, ascending; NaN last. */
function resampled(size: number, statistic: Statistic, options: Required<BootstrapOptions>): Float64Array {
  const draw = indexDrawer(size, options.random);
  const picked = new Uint32Array(size);
  const draws = new Float64Array(options.resamples);
  for (let i = 0; i < draws.length; i++) {
    draw(picked);
    draws[i] = statistic(picked);
  }
  return draws.toSorted();
}

/** Share of draws below a value, ties counted half, kept off 0 and 1 as no number of draws can tell those. */
function shareBelow(draws: Float64Array, value: number): number {
  let below = 0;
  for (const draw of draws) below += draw < value ? 1 : draw === value ? 0.5 : 0;
  const least = 1 / (draws.length + 1);
  return Math.min(1 - least, Math.max(least, below / draws.length));
}

interface Shape {
  readonly bias: number;
  readonly acceleration: number;
}

/** Where in the draws the bound at `z` of a normal distribution lies, as a normal quantile. */
function shifted(z: number, { bias, acceleration }: Shape): number {
  const sum = bias + z;
  return bias + sum / Math.max(1e-6, 1 - acceleration * sum);
}

function pValue(draws: Float64Array, hypothesis: number, { bias, acceleration }: Shape): number {
  if (draws[0] === hypothesis && draws.at(-1) === hypothesis) return 1;
  // The bound that falls on the hypothesis: `shifted` solved for z.
  const away = normalQuantile(shareBelow(draws, hypothesis)) - bias;
  const z = away / Math.max(1e-6, 1 + acceleration * away) - bias;
  return Math.min(1, 2 * normalCdf(-Math.abs(z)));
}

/** A sixth of the skewness of the samples' influence (Efron and Tibshirani, 14.15). */
function acceleration(size: number, statistic: Statistic): number {
  const groups = Math.min(size, jackknifeGroups);
  // One array for all of them: as many as there are groups would be a hundred times the data.
  const kept = new Uint32Array(size);
  const left = Array.from({ length: groups }, (_, group) => statistic(without(kept, group, groups)));
  const mean = left.reduce((sum, value) => sum + value, 0) / groups;
  const squares = left.reduce((sum, value) => sum + (mean - value) ** 2, 0);
  const cubes = left.reduce((sum, value) => sum + (mean - value) ** 3, 0);
  const skew = cubes / (6 * squares ** 1.5);
  return Number.isFinite(skew) ? skew : 0;
}

/** All samples but those of one group, neighbors in different groups. */
function without(into: Uint32Array, group: number, groups: number): Uint32Array {
  let count = 0;
  for (let index = 0; index < into.length; index++) if (index % groups !== group) into[count++] = index;
  return into.subarray(0, count);
}
