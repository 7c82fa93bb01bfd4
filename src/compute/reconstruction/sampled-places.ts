import type { Value } from '../../onnx/value.ts';
import type { Random } from '../../stats/seeded-random.ts';
import type { DenseTensor } from '../../onnx/dense-tensor.ts';
import type { IndexMath } from './index-math.ts';

/** Random numbers that a run is fed: beyond as many places they repeat. */
export const drawCount = 1024;

/** Moves the draws from sample to sample: the fractions of its multiples lie as evenly as can be (Weyl's sequence). */
const goldenRatio = 0.6180339887498949;

/** The random numbers of one run, float32 [{@link drawCount}] in [0, 1). */
export function drawsOf(random: Random): DenseTensor {
  return { type: 'float32', dims: [drawCount], data: Float32Array.from({ length: drawCount }, () => random.next()) };
}

export interface PlaceSampling {
  /** Places to choose from, int64 [1]. */
  readonly total: Value;
  /** How often to choose, int64 [1]. */
  readonly samples: Value;
  /** The most places for each sample. */
  readonly most: number;
  /** What `drawsOf` made. */
  readonly draws: Value;
}

/**
 * Different places for each sample, ascending: int32 [samples, min(total, most)]. The places are cut into as many equal
 * parts and one is drawn from each, so that all are taken where there are no more than `most`.
 */
export function sampledPlaces(math: IndexMath, { total, samples, most, draws }: PlaceSampling): Value {
  const { writer } = math;
  const long = (number: number) => writer.scalar(number, 'int64').value;
  const float = (number: number) => writer.scalar(number).value;
  const count = math.op('Min', total, long(most));
  const parts = math.countTo(count);
  const startOf = (part: Value) => math.cast(math.op('Div', math.op('Mul', part, total), count), 'int32');
  const start = startOf(parts);
  const width = math.op('Sub', startOf(math.op('Add', parts, long(1))), start);
  const drawn = math.op('Gather', draws, math.op('Mod', parts, long(drawCount)));
  const sample = math.op('Mul', math.cast(math.countTo(samples), 'float32'), float(goldenRatio));
  const moved = math.op('Add', drawn, math.spread(sample, [1]));
  const fraction = math.op('Sub', moved, math.op('Floor', moved));
  const offset = math.cast(math.op('Mul', fraction, math.cast(width, 'float32')), 'int32');
  // A product just below the width may round up to it.
  return math.op('Add', start, math.op('Min', offset, math.op('Sub', width, 1)));
}
