import { chiSquaredQuantile } from '../../stats/chi-squared.ts';
import type { Random } from '../../stats/seeded-random.ts';

/** Logarithms of one point's medians, by the index of their round. */
export type RoundLogs = ReadonlyMap<number, number>;

/** Draws that a curve has; even, as they come in pairs that shift to either side. */
export const drawCount = 400;

/**
 * What the mean logarithm of each point may truly be off by, jointly, as draws: shift[draw][point].
 *
 * The round is the independent unit: what slowed the machine in one slowed all of its points. Each draw weighs every
 * round's deviations by one standard normal number and scales the sum by √((R - 1)/χ²) of R - 1 degrees of freedom. So
 * any weighted sum of the points has Student's t with the standard error of its R rounds about it, whatever the
 * correlation between points: the interval that a paired t test gives. (Resampling rounds instead undercovers: of three
 * rounds there are ten different resamples.) Points that stopped after fewer rounds have their own degrees of freedom.
 *
 * Two sweeps of one run that are given streams of the same seed and labels are shifted alike by the rounds they share,
 * so that their ratio loses what both had in common. The stream is read round by round for this: more rounds of one
 * leave the earlier ones' numbers as they are.
 *
 * @param points of which at least one has several rounds
 */
export function roundShifts(points: readonly RoundLogs[], random: Random): readonly Float64Array[] {
  const pairs = drawCount / 2;
  const sums = Array.from({ length: pairs }, () => new Float64Array(points.length));
  for (const deviations of deviationsByRound(points)) {
    for (const sum of sums) {
      const weight = random.normal();
      for (let point = 0; point < sum.length; point++)
        sum[point] = (sum[point] ?? 0) + weight * (deviations[point] ?? 0);
    }
  }
  return sums.flatMap((sum, pair) => {
    const scaled = sum.map((value, point) => value * scaleOf(points[point]?.size ?? 0, pair));
    const shift = borrowed(scaled, points).map((value) => Math.max(-mostShift, Math.min(mostShift, value)));
    return [shift, shift.map((value) => -value)];
  });
}

/** Two rounds far apart tell so little that some draws would leave what a number can hold. */
const mostShift = 20;

/** A point of one round may be off by as much as a single round of another: of the one that is shifted most. */
function borrowed(shift: Float64Array, points: readonly RoundLogs[]): Float64Array {
  const rounds = points.map((logs) => logs.size);
  if (!rounds.includes(1)) return shift;
  const single = shift.map((value, point) => ((rounds[point] ?? 1) > 1 ? value * Math.sqrt(rounds[point] ?? 1) : 0));
  const most = single.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return shift.map((value, point) => (rounds[point] === 1 ? most : value));
}

/** How far each point's logarithm is from its mean, round after round; 0 where a point has none. */
function deviationsByRound(points: readonly RoundLogs[]): readonly Float64Array[] {
  const most = Math.max(...points.flatMap((logs) => [...logs.keys()]));
  const deviations = Array.from({ length: most + 1 }, () => new Float64Array(points.length));
  for (const [point, logs] of points.entries()) {
    const mean = [...logs.values()].reduce((sum, log) => sum + log, 0) / logs.size;
    for (const [round, log] of logs) deviations[round]?.fill(log - mean, point, point + 1);
  }
  return deviations;
}

/** √((R - 1)/χ²) over √(R·(R - 1)), at evenly spread quantiles of χ² rather than random ones: less noise. */
function scaleOf(rounds: number, pair: number): number {
  if (rounds < 2) return 0;
  return 1 / Math.sqrt(rounds * (quantilesOf(rounds - 1)[pair] ?? Number.NaN));
}

const known = new Map<number, Float64Array>();

function quantilesOf(degreesOfFreedom: number): Float64Array {
  const before = known.get(degreesOfFreedom);
  if (before !== undefined) return before;
  const pairs = drawCount / 2;
  // In an order whose every beginning is spread evenly too, for whoever takes the first few draws alone.
  const order = Array.from({ length: pairs }, (_, pair) => mirrored(pair));
  const ranks = order.map((value) => order.filter((other) => other < value).length);
  const quantiles = Float64Array.from(ranks, (rank) => chiSquaredQuantile((rank + 0.5) / pairs, degreesOfFreedom));
  known.set(degreesOfFreedom, quantiles);
  return quantiles;
}

/** Digits to the base of 3 behind the point, in reverse (van der Corput, 1935). */
function mirrored(index: number): number {
  let value = 0;
  for (let rest = index, place = 1 / 3; rest > 0; rest = Math.floor(rest / 3), place /= 3) value += (rest % 3) * place;
  return value;
}
