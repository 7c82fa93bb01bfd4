import type { Random } from '../../stats/seeded-random.ts';
import type { UnitAxis } from './axis-sums.ts';
import { axisSums, sumsByUnit } from './axis-sums.ts';
import { relativeToMean } from './score-scales.ts';

/** Of what a layer reads, at each index along the axis of its weight that carries the units. */
export interface Moments {
  readonly means: Float64Array;
  readonly meanSquares: Float64Array;
}

/** A layer that adds up over the units. */
export interface UnitReader extends UnitAxis {
  readonly moments: Moments;
}

/** Sum of |w|^power over each unit's rows of the weights that make it. `[count]`, as all scores: low ones go first. */
export function magnitudeScores(producers: readonly UnitAxis[], count: number, power: 1 | 2): Float64Array {
  return summed(
    producers.map((weight) => sumsByUnit(axisSums(weight, power), weight.units, count)),
    count,
  );
}

/**
 * Group L2: squares over all that goes with a unit, rows of what makes it, columns of what reads it, scales of norms;
 * the mean over these members (Fang et al., "DepGraph", 2023).
 */
export function groupNormScores(members: readonly UnitAxis[], count: number): Float64Array {
  return magnitudeScores(members, count, 2).map((score) => score / Math.max(1, members.length));
}

/** Mean square of what is read times the squared norm of the weights that read it: Wanda's score, for whole units. */
export function activationScores(readers: readonly UnitReader[], count: number): Float64Array {
  return readScores(readers, count, ({ meanSquares }, i) => meanSquares[i] ?? 0);
}

/**
 * WIFV: the variance of what is read times the squared norm of the weights that read it (An et al., "Fluctuation-based
 * Adaptive Structured Pruning", 2024). What never varies costs nothing once the bias is refitted.
 */
export function varianceScores(readers: readonly UnitReader[], count: number): Float64Array {
  return readScores(readers, count, ({ means, meanSquares }, i) =>
    Math.max(0, (meanSquares[i] ?? 0) - (means[i] ?? 0) ** 2),
  );
}

/** |scale| of the norms behind the units (Liu et al., "Network Slimming", 2017), where a model still has them. */
export function scaleScores(norms: readonly UnitAxis[], count: number): Float64Array {
  return magnitudeScores(norms, count, 1);
}

/** The control: no order at all. */
export function randomScores(count: number, random: Random): Float64Array {
  return Float64Array.from({ length: count }, () => random.next());
}

function readScores(readers: readonly UnitReader[], count: number, factor: (moments: Moments, i: number) => number) {
  // Each reader counts the same, however large its numbers are: what is lost is lost relative to its own output.
  const scores = readers.map((reader) => {
    const norms = axisSums(reader, 2).map((norm, i) => norm * factor(reader.moments, i));
    return relativeToMean(sumsByUnit(norms, reader.units, count));
  });
  return summed(scores, count);
}

function summed(parts: readonly Float64Array[], count: number): Float64Array {
  const sums = new Float64Array(count);
  for (const part of parts) for (let i = 0; i < count; i++) sums[i] = (sums[i] ?? 0) + (part[i] ?? 0);
  return sums;
}
