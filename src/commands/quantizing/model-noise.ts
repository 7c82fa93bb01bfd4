import { loadEdited } from '../../compute/load-edited.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { Model } from '../../onnx/model.ts';
import { editedModels } from '../trials/model-feeding.ts';
import { feedsOf, noiseOf, trialSamples } from '../trials/trial-noise.ts';
import type { FedWork } from './work.ts';

/** How far each model's outputs are from the prepared model's: squared error over squared output, on a few samples. */
export async function noiseOfModels(work: FedWork, models: readonly Model[]): Promise<readonly number[]> {
  const feeds = await feedsOf(work, work.feeds.part(trialSamples));
  const plain = await outputsOf(work, work.prepared, feeds);
  const noise: number[] = [];
  for (const model of models) noise.push(noiseOf(plain, await outputsOf(work, model, feeds)));
  return noise;
}

/** Whether one model's outputs are closer to the prepared model's than another's. */
export async function isCloser(work: FedWork, first: Model, second: Model): Promise<boolean> {
  const [a = Infinity, b = Infinity] = await noiseOfModels(work, [first, second]);
  return a < b;
}

async function outputsOf(
  work: FedWork,
  model: Model,
  feeds: readonly NamedTensors[],
): Promise<readonly NamedTensors[]> {
  const loaded = await loadEdited(model, editedModels(work), { optimization: 'all' });
  try {
    const outputs: NamedTensors[] = [];
    for (const each of feeds) outputs.push(await loaded.run(each));
    return outputs;
  } finally {
    await loaded.release();
  }
}
