import type { Model } from '../../onnx/model.ts';
import { outputsOf } from '../trials/outputs-of.ts';
import { feedsOf, noiseOf, trialSamples } from '../trials/trial-noise.ts';
import type { FedWork } from './work.ts';

/** How far each model's outputs are from the prepared model's: squared error over squared output, on a few samples. */
export async function noiseOfModels(work: FedWork, models: readonly Model[]): Promise<readonly number[]> {
  const feeds = await feedsOf(work, work.feeds.part(trialSamples));
  const running = { feeds, optimization: 'all' } as const;
  const plain = await outputsOf(work, work.prepared, running);
  const noise: number[] = [];
  for (const model of models) noise.push(noiseOf(plain, await outputsOf(work, model, running)));
  return noise;
}

/** Whether one model's outputs are closer to the prepared model's than another's. */
export async function isCloser(work: FedWork, first: Model, second: Model): Promise<boolean> {
  const [a = Infinity, b = Infinity] = await noiseOfModels(work, [first, second]);
  return a < b;
}
