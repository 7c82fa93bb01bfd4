import { collectStatistics } from '../../compute/calibration/collect-statistics.ts';
import { copyModel } from '../../compute/copy-model.ts';
import type { Model } from '../../onnx/model.ts';
import type { BuildOptions } from '../../quantize/build/build-candidate.ts';
import { buildCandidate } from '../../quantize/build/build-candidate.ts';
import { int8Plans } from '../../quantize/plan/int8-plans.ts';
import { equalizeConvs } from '../../quantize/smooth/equalize-convs.ts';
import { smoothProducts } from '../../quantize/smooth/smooth-products.ts';
import { productLayerOf } from '../../quantize/rewrite/product-layer.ts';
import { adapted, editedModels } from '../trials/model-feeding.ts';
import { isCloser } from './model-noise.ts';
import type { FedWork } from './work.ts';

/** The usual exponent: half of the outliers goes into the weights. */
const usualAlpha = 0.5;

/**
 * Moves outliers from what products read into their weights, and evens out the channels of convolutions where one scale
 * has to fit them all. What the model computes stays the same. With `auto`, only where dynamic int8 comes closer by it.
 */
export async function smoothOutliers(work: FedWork): Promise<void> {
  const { smooth, perChannel } = work.request.settings;
  if (!perChannel) equalizeConvs(work.prepared);
  if (smooth === null) return;
  const largest = await largestInputs(work);
  const absMaxOf = (value: string) => largest.get(value) ?? null;
  const alpha = smooth === 'auto' ? usualAlpha : smooth;
  if (smooth === 'auto' && !(await pays(work, { absMaxOf, alpha }))) return;
  smoothProducts(work.prepared, { absMaxOf, alpha });
}

type Smoothing = Parameters<typeof smoothProducts>[1];

async function pays(work: FedWork, smoothing: Smoothing): Promise<boolean> {
  const smoothed = copyModel(work.prepared);
  if (smoothProducts(smoothed, smoothing).smoothed.length === 0) return false;
  const [before, after] = [dynamicOf(work, work.prepared), dynamicOf(work, smoothed)];
  return before !== null && after !== null && isCloser(work, after, before);
}

function dynamicOf(work: FedWork, model: Model): Model | null {
  const { layers, exclusion, reduced, request } = work;
  const [plan] = int8Plans({ model, layers, exclusion, method: 'dynamic', embeddings: false });
  const build: BuildOptions = {
    parametersOf: () => null,
    perChannel: request.settings.perChannel,
    reduced,
    rewriteWeights: () => new Set(),
  };
  return plan === undefined ? null : buildCandidate(model, plan, build).model;
}

async function largestInputs(work: FedWork): Promise<ReadonlyMap<string, Float64Array>> {
  const inputs = [...work.prepared.graph.nodes()].flatMap((node) => productLayerOf(node)?.input.name ?? []);
  const { values } = await collectStatistics({
    ...editedModels(work),
    model: work.prepared,
    values: [...new Set(inputs)].map((name) => ({ name, channelAxis: -1 })),
    batches: () => adapted(work, work.feeds.calibration),
    signal: work.context.signal,
  });
  return new Map(
    [...values].flatMap(([name, { channels }]) => (channels === null ? [] : [[name, channels.absMax] as const])),
  );
}
