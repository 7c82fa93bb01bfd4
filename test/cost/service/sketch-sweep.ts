import type { Point } from '../../../src/bench/bench-result.ts';
import type { Sweep } from '../../../src/cost/service/sweep.ts';
import type { Random } from '../../../src/stats/seeded-random.ts';
import { roundOf } from '../../bench/sketch-point.ts';
import { environment, okPoint } from '../../report/fixture-bench-result.ts';

export const sketchedModel = {
  path: 'cnn.onnx',
  sha256: 'a'.repeat(64),
  sizeBytes: 100_000,
  inputs: [{ name: 'x', type: 'float32', shape: ['batch', 1, 8, 8] }],
  outputs: [{ name: 'y', type: 'float32', shape: ['batch', 10] }],
};

/** Medians of rounds by batch; a round that is null was not taken. */
export type Medians = Readonly<Record<number, readonly (number | null)[]>>;

/** A sweep whose rounds hold one run each, of these service times. */
export function sweepOf(medians: Medians, rest: Partial<Sweep> = {}): Sweep {
  const points = Object.entries(medians).map(([batch, times]) => pointOf(Number(batch), times));
  return {
    path: 'bench.json',
    environment,
    model: sketchedModel,
    ep: 'cpu',
    threads: 2,
    instances: 1,
    dims: {},
    points,
    ...rest,
  };
}

const point = okPoint(['cnn.onnx'], { p50: 1 });

export function pointOf(batch: number, times: readonly (number | null)[], rest: Partial<Point> = {}): Point {
  const rounds = times.flatMap((ms, round) => (ms === null ? [] : [roundOf([ms], { round, order: round })]));
  return { ...point, batch, dims: { batch }, rounds, ...rest };
}

/** A server whose truth is known, and how its measurements vary, as standard deviations on the log scale. */
export interface KnownServer {
  readonly timeMs: (batch: number) => number;
  readonly batches: readonly number[];
  readonly rounds: number;
  /** Of a round's mood, which all of its points share. */
  readonly common: number;
  /** Of each block on its own. */
  readonly own: number;
}

/** What a bench of the server might measure: the rounds' moods by one stream, the blocks' noise by another or the same. */
export function measure(server: KnownServer, random: Random, blocks = random): Sweep {
  const { timeMs, batches, rounds, common, own } = server;
  const moods = Array.from({ length: rounds }, () => common * random.normal());
  const median = (batch: number, mood: number): number => timeMs(batch) * Math.exp(mood + own * blocks.normal());
  return sweepOf(Object.fromEntries(batches.map((batch) => [batch, moods.map((mood) => median(batch, mood))])));
}
