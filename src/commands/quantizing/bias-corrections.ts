import type { ValueStatistics } from '../../compute/calibration/statistics.ts';
import { InferError } from '../../errors.ts';
import type { Model } from '../../onnx/model.ts';
import type { BuildOptions } from '../../quantize/build/build-candidate.ts';
import { buildCandidate } from '../../quantize/build/build-candidate.ts';
import { collectInBranches } from '../../quantize/calibration/collect-in-branches.ts';
import type { CandidatePlan } from '../../quantize/plan/candidate-plan.ts';
import { allNodesByKey } from '../../quantize/rewrite/node-key.ts';
import type { BiasCorrections } from '../../quantize/smooth/correct-bias.ts';
import { adapted, editedModels } from '../trials/model-feeding.ts';
import { isCloser } from './model-noise.ts';
import type { FedWork } from './work.ts';

/** Samples that means are taken over. */
const correctionSamples = 64;

/**
 * What quantizing shifts the mean of each layer's outputs by, channel by channel, measured on calibration data with
 * everything quantized. Empty where correcting biases by it does not bring the outputs closer to the original's.
 */
export async function biasCorrections(
  work: FedWork,
  plan: CandidatePlan,
  build: BuildOptions,
): Promise<BiasCorrections> {
  const nothing: BiasCorrections = new Map();
  const layers = [...allNodesByKey(work.prepared)].filter(
    ([key, node]) => plan.treatments.get(key) === 'static' && node.is('Conv', 'Gemm', 'MatMul'),
  );
  if (layers.length === 0) return nothing;
  try {
    const values = layers.map(([name, node]) => ({ name, channelAxis: node.is('Conv') ? 1 : -1 }));
    const plain = buildCandidate(work.prepared, plan, build).model;
    const [float, integer] = [await means(work, work.prepared, values), await means(work, plain, values)];
    const corrections = new Map(values.flatMap(({ name }) => differenceOf(name, float, integer)));
    if (corrections.size === 0) return nothing;
    const corrected = buildCandidate(work.prepared, plan, { ...build, corrections }).model;
    return (await isCloser(work, corrected, plain)) ? corrections : nothing;
  } catch (error) {
    if (work.context.signal.aborted || !(error instanceof InferError)) throw error;
    return nothing;
  }
}

type Statistics = ReadonlyMap<string, ValueStatistics>;

async function means(
  work: FedWork,
  model: Model,
  values: readonly { readonly name: string; readonly channelAxis: number }[],
): Promise<Statistics> {
  const batches = () => adapted(work, work.feeds.calibrationPart(correctionSamples));
  const { signal } = work.context;
  return (await collectInBranches({ ...editedModels(work), model, values, batches, signal })).values;
}

function differenceOf(
  name: string,
  float: Statistics,
  integer: Statistics,
): readonly (readonly [string, Float64Array])[] {
  const [a, b] = [float.get(name)?.channels?.means, integer.get(name)?.channels?.means];
  if (a === undefined || b === undefined || a.length !== b.length) return [];
  return [[name, a.map((mean, c) => mean - (b[c] ?? 0))]];
}
