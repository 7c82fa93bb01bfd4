import type { Interval } from './interval.ts';
import { largestFirst, type Observation } from './largest-first.ts';
import { studentInterval } from './student-interval.ts';

type Blocks = readonly (readonly number[])[];

/** An observation and its weight: one over the size of its block. */
interface Weighted extends Observation {
  readonly weight: number;
}

/** The share of weight, counted from the largest observation, over which the quantile averages. */
interface Window {
  readonly from: number;
  readonly to: number;
}

/**
 * Type 7 for weighted observations (Akinshin, "Weighted quantile estimators", arXiv:2304.07265, 2023): the average of
 * the weighted step function over a window of one observation, n being Kish's effective sample size. With blocks of
 * one size this is type 7 of all observations together. `sizes` are those of the blocks that count.
 */
function windowOf(sizes: readonly number[], p: number): Window {
  const total = sizes.length;
  const squares = sizes.reduce((sum, size) => sum + 1 / size, 0);
  const n = (total * total) / squares;
  const from = (1 - p) * (n - 1);
  return { from: (from * total) / n, to: ((from + 1) * total) / n };
}

/** The largest observations, falling, as far down as needed for `weight` to remain whichever block is left out. */
function tailOf(blocks: Blocks, weight: number): Weighted[] {
  const next = largestFirst(blocks);
  const tail: Weighted[] = [];
  const heldBy = blocks.map(() => 0);
  let held = 0;
  let heaviest = 0;
  while (held - heaviest < weight) {
    const observation = next();
    if (observation === undefined) break;
    const { value, block } = observation;
    const each = 1 / (blocks[block]?.length ?? 1);
    tail.push({ value, block, weight: each });
    const own = (heldBy[block] ?? 0) + each;
    heldBy[block] = own;
    held += each;
    heaviest = Math.max(heaviest, own);
  }
  return tail;
}

/** Logarithm of the weighted quantile, leaving out the block `without` (-1 for none). */
function logQuantile(tail: readonly Weighted[], window: Window, without: number): number {
  let sum = 0;
  let covered = 0;
  let end = 0;
  for (const { value, block, weight } of tail) {
    if (end >= window.to) break;
    if (block === without) continue;
    const start = end;
    end += weight;
    if (end <= window.from) continue;
    const overlap = Math.min(end, window.to) - Math.max(start, window.from);
    sum += overlap * value;
    covered += overlap;
  }
  return Math.log(sum / covered);
}

/** Standard error by the delete-one jackknife (Tukey, 1958; Efron and Tibshirani, 1993, 11.5), a block being the unit. */
function jackknifeError(leftOut: readonly number[]): number {
  const n = leftOut.length;
  const mean = leftOut.reduce((sum, value) => sum + value, 0) / n;
  const squares = leftOut.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(((n - 1) / n) * squares);
}

function requirePositive(blocks: Blocks): void {
  if (blocks.length === 0) throw new RangeError('a quantile needs at least one block');
  for (const block of blocks) {
    if (block.length === 0) throw new RangeError('a block needs at least one value');
    for (const value of block) {
      if (!(value > 0 && Number.isFinite(value))) {
        throw new RangeError(`a quantile on the log needs positive values, got ${value}`);
      }
    }
  }
}

/**
 * Quantiles of all blocks together, every block weighing the same however many values it holds, each with a 95 %
 * interval on the log by delete-one-block jackknife and Student's t with blocks - 1 degrees of freedom. The block is
 * the unit, never the observation: those of one block share its process and its moment. And a block's own percentile
 * is never averaged: p99 of 30 values is nearly their maximum, whose average lies below p99 of all.
 *
 * The interval promises more than it holds in a far tail: simulated with ten blocks of 40 log-normal values (spread 0.1
 * between and 0.2 within blocks) it covers 92 % at p90, 90 % at p95 and 81 % at p99, and where it misses, the truth
 * mostly lies above it. More values and more blocks help slowly; no block has seen the slowest one in a hundred.
 *
 * @param blocks positive values in one unit, at least one block, none empty
 * @param ps fractions in [0, 1]; upper tails are quickest
 * @returns one interval per fraction, without bounds for a single block
 * @throws RangeError when there is no block, a block is empty, or a value is not positive and finite
 */
export function blockQuantiles(blocks: Blocks, ps: readonly number[], confidence = 0.95): Interval[] {
  requirePositive(blocks);
  const sizes = blocks.map((block) => block.length);
  const n = blocks.length;
  const outs = n > 1 ? [...sizes.keys()] : [];
  const plans = ps.map((p) => {
    if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile's fraction lies in [0, 1], got ${p}`);
    return { all: windowOf(sizes, p), left: outs.map((out) => windowOf(sizes.toSpliced(out, 1), p)) };
  });
  const tail = tailOf(blocks, Math.max(...plans.flatMap(({ all, left }) => [all.to, ...left.map(({ to }) => to)])));
  return plans.map(({ all, left }) => {
    const center = logQuantile(tail, all, -1);
    if (n === 1) return { value: Math.exp(center), low: null, high: null };
    const standardError = jackknifeError(left.map((window, out) => logQuantile(tail, window, out)));
    return studentInterval({ center, standardError, degreesOfFreedom: n - 1, confidence });
  });
}
