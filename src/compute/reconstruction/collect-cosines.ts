import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { LoadOptions } from '../../runtime/model-runner.ts';
import type { Tap } from '../calibration/tap-model.ts';
import { tappableNames } from '../calibration/tap-model.ts';
import type { CalibrationData } from '../calibration/tap-runs.ts';
import { runTaps } from '../calibration/tap-runs.ts';
import { cosineTap } from './cosine-taps.ts';
import { IndexMath } from './index-math.ts';
import { optimizingRunner } from './optimizing-runner.ts';
import { valueNamed } from './value-named.ts';

/** Two values of the main graph that have the same shape in every run. */
export interface ValuePair {
  readonly a: string;
  readonly b: string;
}

export interface MeanCosine extends ValuePair {
  /** Mean of cos(a, b) over samples and positions, from -1 to 1. */
  readonly cosine: number;
  /** Vectors compared, above 0. */
  readonly rows: number;
}

export interface CosineOptions extends CalibrationData {
  readonly pairs: readonly ValuePair[];
  /** `all` unless given. */
  readonly optimization?: LoadOptions['optimization'];
  readonly onProgress?: (progress: { readonly done: number }) => void;
}

/**
 * Mean cosines of pairs of values, over all batches, in one pass; null for a pair that the runtime does not compare or
 * that had no finite run. Vectors are those of the channels: along the last axis, and along axis 1 of four axes or more.
 * @throws as `collectStatistics`
 */
export async function collectCosines(options: CosineOptions): Promise<readonly (MeanCosine | null)[]> {
  const known = tappableNames(options.model);
  const runner = optimizingRunner(options.runner, options.optimization ?? 'all');
  const data = { ...options, runner };
  const ranks = await ranksOf(
    data,
    new Set(options.pairs.flatMap(({ a, b }) => (known.has(a) && known.has(b) ? [a] : []))),
  );
  const sums = options.pairs.map((pair) => ({ pair, cosines: 0, rows: 0 }));
  const pairsOf = (name: string) => sums.filter(({ pair }) => pair.a === name && known.has(pair.b));
  const { refused } = await runTaps(data, {
    names: [...ranks.keys()],
    write: (tap) => pairsOf(tap.name).map(({ pair }) => tapPair(tap, pair, ranks.get(tap.name) ?? 0)),
    take: (measures, run) => {
      for (const [name, parts] of measures) {
        for (const [index, each] of pairsOf(name).entries()) {
          const [cosines, rows] = Array.from<unknown, number>(parts[index]?.data ?? [], Number);
          if (cosines === undefined || rows === undefined || !Number.isFinite(cosines)) continue;
          each.cosines += cosines;
          each.rows += rows;
        }
      }
      options.onProgress?.({ done: run + 1 });
    },
  });
  const isRefused = new Set(refused);
  return sums.map(({ pair, cosines, rows }) =>
    rows === 0 || isRefused.has(pair.a) ? null : { ...pair, cosine: cosines / rows, rows },
  );
}

function tapPair({ floats, writer }: Tap, { b }: ValuePair, rank: number) {
  const math = new IndexMath(writer);
  const other = math.cast(valueNamed(writer.graph, b), 'float32');
  return cosineTap(math, [floats, other], rank >= 4 ? 1 : -1);
}

/** Number of axes of each value, from the first batch. */
async function ranksOf(data: CalibrationData, names: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const ranks = new Map<string, number>();
  await runTaps(
    { ...data, batches: () => firstOf(data.batches()) },
    {
      names: [...names],
      write: ({ floats, writer }) => [
        writer.builder.op('Size', [writer.builder.op('Shape', [floats])], { as: 'rank' }),
      ],
      take: (measures) => {
        for (const [name, [rank]] of measures) ranks.set(name, Number(rank?.data[0] ?? 0));
      },
    },
  );
  return ranks;
}

async function* firstOf(batches: AsyncIterable<NamedTensors>): AsyncGenerator<NamedTensors, void, undefined> {
  for await (const batch of batches) {
    yield batch;
    return;
  }
}
