import { logInterval } from '../../stats/log-interval.ts';
import { logMoments } from '../../stats/log-moments.ts';
import { median } from '../../stats/quantile.ts';
import type { Random } from '../../stats/seeded-random.ts';
import type { Point } from '../../bench/bench-result.ts';
import type { Line } from './fit-line.ts';
import { fitLine } from './fit-line.ts';
import { monotoneTimes } from './monotone-times.ts';
import { pooledRatios } from './pooled-ratios.ts';
import { roundShifts } from './round-shifts.ts';
import type { ServiceCurve, TimeByBatch } from './service-curve.ts';
import type { Sweep } from './sweep.ts';

/** Where the line misses a point by more than this share of it, the points themselves are the curve. */
const mostResidual = 0.05;

/** One measured batch. */
interface Measured {
  readonly batch: number;
  /** Medians of the rounds, by their index. */
  readonly mediansMs: ReadonlyMap<number, number>;
  /** Their geometric mean. */
  readonly timeMs: number;
}

/**
 * The service curve of a sweep, with its draws. The data are the medians of rounds. A single point (a model of one fixed
 * batch) gives a constant up to its batch: fewer items would be padded.
 *
 * Half of the draws of a line take the points as measured instead: which of both tells the truth where they differ
 * within the allowed 5 % is not known, and the interval is to hold either.
 *
 * @param random sweeps of one result are best given streams of the same seed and labels, see `roundShifts`
 */
export function fitCurve(sweep: Sweep, random: Random): ServiceCurve {
  const measured = sweep.points.map(measuredOf);
  const batches = measured.map(({ batch }) => batch);
  const timesMs = measured.map(({ timeMs }) => timeMs);
  const line = lineOf(batches, timesMs);
  const residuals = measured.map(({ batch, timeMs }) => Math.abs(lineAt(line, batch) / timeMs - 1));
  const largestResidual = Math.max(...residuals);
  const kind = largestResidual > mostResidual ? 'piecewise' : 'linear';
  const curve = kind === 'linear' ? linearTimes(line) : monotoneTimes(batches, timesMs);
  const smallestBatch = Math.min(...batches);
  return {
    kind,
    msAt: curve.msAt,
    points: measured.map(({ batch, mediansMs }) => ({
      batch,
      measuredMs: logInterval([...mediansMs.values()]),
      fittedMs: curve.msAt(batch),
      rounds: mediansMs.size,
    })),
    smallestBatch,
    largestBatch: Math.max(...batches),
    ...line,
    largestResidual,
    draws: drawsOf(measured, { kind, random }),
    ratios: pooledRatios(sweep.points),
  };
}

function measuredOf({ batch, rounds }: Point): Measured {
  const mediansMs = new Map(rounds.map(({ round, latencyMs }) => [round, median(latencyMs)]));
  return { batch: batch ?? 1, mediansMs, timeMs: Math.exp(logMoments([...mediansMs.values()]).mean) };
}

function lineOf(batches: readonly number[], timesMs: readonly number[]): Line {
  const [batch, another] = batches;
  if (another !== undefined) return fitLine(batches, timesMs);
  const timeMs = timesMs[0] ?? Number.NaN;
  return batch === 1 ? { tau0Ms: 0, alphaMs: timeMs } : { tau0Ms: timeMs, alphaMs: 0 };
}

function lineAt({ tau0Ms, alphaMs }: Line, batch: number): number {
  return tau0Ms + alphaMs * batch;
}

function linearTimes(line: Line): TimeByBatch {
  return { msAt: (batch) => lineAt(line, batch) };
}

function drawsOf(
  measured: readonly Measured[],
  { kind, random }: { readonly kind: ServiceCurve['kind']; readonly random: Random },
): readonly TimeByBatch[] {
  if (measured.every(({ mediansMs }) => mediansMs.size < 2)) return [];
  const batches = measured.map(({ batch }) => batch);
  const logs = measured.map(
    ({ mediansMs }) => new Map([...mediansMs].map(([round, ms]): [number, number] => [round, Math.log(ms)])),
  );
  return roundShifts(logs, random).map((shift, index) => {
    const timesMs = measured.map(({ timeMs }, point) => timeMs * Math.exp(shift[point] ?? 0));
    // By pairs, so that both sides of a shift are treated alike.
    const takesPoints = kind === 'piecewise' || Math.floor(index / 2) % 2 === 1;
    return takesPoints ? monotoneTimes(batches, timesMs) : linearTimes(lineOf(batches, timesMs));
  });
}
