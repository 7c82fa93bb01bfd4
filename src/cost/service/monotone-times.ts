import type { TimeByBatch } from './service-curve.ts';

/**
 * Times by batch through measured points that never fall: a larger batch that was measured as faster is averaged with
 * those before it (pool adjacent violators; Ayer et al., Annals of Mathematical Statistics 26, 1955), and between points
 * runs the cubic that keeps monotone data monotone (Fritsch and Carlson, SIAM Journal on Numerical Analysis 17, 1980;
 * slopes by Fritsch and Butland, SIAM Journal on Scientific and Statistical Computing 5, 1984).
 *
 * Below the smallest batch the first piece goes on as a line, as far as its overhead stays at 0 or above.
 *
 * @param batches ascending, at least one
 * @param timesMs positive, as many
 */
export function monotoneTimes(batches: readonly number[], timesMs: readonly number[]): TimeByBatch {
  const x = Float64Array.from(batches);
  const y = nonDecreasing(timesMs);
  const slopes = slopesOf(x, y);
  const firstMs = at(y, 0);
  const descent = x.length < 2 ? 0 : Math.min(rise(x, y, 0), firstMs / at(x, 0));
  const msAt = (batch: number): number => {
    if (batch <= at(x, 0)) return firstMs - descent * (at(x, 0) - batch);
    let piece = 0;
    while (piece < x.length - 2 && batch > at(x, piece + 1)) piece++;
    return hermite({ x, y, slopes }, piece, batch);
  };
  return { msAt };
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}

/** Geometric means of the shortest runs of neighbors that leave nothing falling. */
function nonDecreasing(timesMs: readonly number[]): Float64Array {
  const blocks: { log: number; size: number }[] = [];
  for (const timeMs of timesMs) {
    let block = { log: Math.log(timeMs), size: 1 };
    for (let last = blocks.at(-1); last !== undefined && last.log > block.log; last = blocks.at(-1)) {
      const size = last.size + block.size;
      block = { log: (last.log * last.size + block.log * block.size) / size, size };
      blocks.pop();
    }
    blocks.push(block);
  }
  // What was not averaged keeps its digits.
  return blocks.length === timesMs.length
    ? Float64Array.from(timesMs)
    : Float64Array.from(blocks.flatMap(({ log, size }) => Array.from({ length: size }, () => Math.exp(log))));
}

function rise(x: Float64Array, y: Float64Array, piece: number): number {
  return (at(y, piece + 1) - at(y, piece)) / (at(x, piece + 1) - at(x, piece));
}

/** In the middle the weighted harmonic mean of the rises on both sides, at the ends the rise of the last piece. */
function slopesOf(x: Float64Array, y: Float64Array): Float64Array {
  const last = x.length - 1;
  return Float64Array.from(x, (_, index) => {
    if (last === 0) return 0;
    if (index === 0) return rise(x, y, 0);
    if (index === last) return rise(x, y, last - 1);
    const before = rise(x, y, index - 1);
    const after = rise(x, y, index);
    if (before <= 0 || after <= 0) return 0;
    const left = at(x, index) - at(x, index - 1);
    const right = at(x, index + 1) - at(x, index);
    const weight = (2 * right + left) / (3 * (left + right));
    return 1 / (weight / before + (1 - weight) / after);
  });
}

interface Knots {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly slopes: Float64Array;
}

function hermite({ x, y, slopes }: Knots, piece: number, batch: number): number {
  if (x.length === 1) return at(y, 0);
  const width = at(x, piece + 1) - at(x, piece);
  const t = (batch - at(x, piece)) / width;
  const low = at(y, piece);
  const high = at(y, piece + 1);
  const bend = width * (at(slopes, piece) * (1 - t) - at(slopes, piece + 1) * t);
  return low + (high - low) * t * t * (3 - 2 * t) + bend * t * (1 - t);
}
