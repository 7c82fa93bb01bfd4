import type { BenchResult, Point } from '../../../src/bench/bench-result.ts';
import { benchResult, okPoint } from '../fixture-bench-result.ts';

const models = ['models/resnet50-v2-7.onnx', 'models/resnet50-v2-7.int8.onnx'];

/** 500 points: two models on two providers, over threads, instances and batches. */
export function largeSweep(): BenchResult {
  const points = models.flatMap((_, modelIndex) =>
    ['cpu', 'webgpu'].flatMap((ep) =>
      [1, 2, 4, 8, 16].flatMap((threads) =>
        [1, 2, 3, 4, 8].flatMap((instances) =>
          [1, 2, 4, 8, 16].map((batch) => pointOf({ modelIndex, ep, threads, instances, batch })),
        ),
      ),
    ),
  );
  return benchResult(models, points, {
    best: { latency: 20, throughput: 124, knees: [] },
    warnings: [{ code: 'precision-missed', details: { points: 40, of: 500, worst: 0.2, wanted: 0.02, full: 1 } }],
  });
}

type Setting = Pick<Point, 'modelIndex' | 'ep' | 'threads' | 'instances'> & { readonly batch: number };

/** Amdahl's law with a wobble that is the same in every run. */
function pointOf({ modelIndex, ep, threads, instances, batch }: Setting): Point {
  const wobble = 1 + 0.12 * Math.sin(threads * 3.7 + instances * 1.9 + batch * 0.7 + modelIndex);
  const perItem = (0.15 + 0.85 / threads) * (modelIndex === 0 ? 30 : 17) * (ep === 'cpu' ? 1 : 0.6);
  const p50 = (3 + perItem * batch) * Math.sqrt(instances) * wobble;
  const halfWidth = 0.01 + 0.06 * Math.abs(Math.sin(batch + threads));
  return okPoint(models, { modelIndex, ep, threads, instances, batch, p50, halfWidth });
}

/** Fields that may hold anything; the others are words that the schemas know. */
const free = new Set(
  `path name model ep command fingerprint scenario owner note ref commit sha256 output link until distribution node
  onnxruntime providers container release producers consumers createdAt version optimization inputs replayOf driver
  instructionSets dataPath message problem rules label result processor instance cloud region accelerator serves provider
  metric asked arrivals disturbed`.split(/\s+/),
);

/** The result with the given text before each of its free texts, names of dimensions included. */
export function withTexts<Result extends object>(result: Result, text: string): Result {
  const copy = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return free.has(key) ? `${text}${value}` : value;
    if (Array.isArray(value)) return value.map((item) => copy(item, key));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const isNames = key === 'dims' || key === 'requestedDims';
    return Object.fromEntries(entries.map(([name, item]) => [isNames ? `${text}${name}` : name, copy(item, name)]));
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return copy(result, '') as Result;
}
