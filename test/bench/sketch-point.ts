import type { Point, Round } from '../../src/bench/bench-result.ts';
import { summarizePoint } from '../../src/bench/summarize-point.ts';
import { okPoint } from '../report/fixture-bench-result.ts';

/** A clean round with these service times, run one after another by one instance. */
export function roundOf(latencyMs: readonly number[], rest: Partial<Round> = {}): Round {
  const sumMs = latencyMs.reduce((total, ms) => total + ms, 0);
  return {
    round: 0,
    order: 0,
    latencyMs: [...latencyMs],
    stride: 1,
    runs: latencyMs.length,
    sumMs,
    minMs: Math.min(...latencyMs),
    maxMs: Math.max(...latencyMs),
    windowMs: sumMs,
    loadMs: 10,
    firstRunMs: 5,
    warmUp: { runs: 3, elapsedMs: 3, settled: true },
    cpuUtilization: 0.5,
    peakRssBytes: 1000,
    ...rest,
    noise: {
      stalledShare: 0,
      stealShare: 0,
      involuntarySwitchesPerSecond: 0,
      throttledPeriods: 0,
      clockRatio: 1,
      driftRatio: 1,
      dirty: [],
      repeated: false,
      ...rest.noise,
    },
  };
}

/** Rounds numbered in order, each with as many runs of its service time. */
export function roundsOf(perRoundMs: readonly number[], runs = 1): Round[] {
  return perRoundMs.map((ms, round) =>
    roundOf(
      Array.from({ length: runs }, () => ms),
      { round, order: round },
    ),
  );
}

/** A measured point whose figures follow from its rounds. */
export function pointOf(rounds: readonly Round[], rest: Partial<Point> = {}): Point {
  const batch = rest.batch === undefined ? 1 : rest.batch;
  const measured = summarizePoint(rounds, batch);
  const reachedPrecision = measured.precision !== null && measured.precision <= 0.03;
  return {
    ...okPoint(['a.onnx', 'b.onnx'], { p50: 1, batch, modelIndex: rest.modelIndex ?? 0 }),
    ...measured,
    reachedPrecision,
    rounds: [...rounds],
    ...rest,
  };
}
