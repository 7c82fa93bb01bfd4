import { batchAxisOf } from '../../data/batch-axis.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import { adapted } from '../trials/model-feeding.ts';
import type { TrialWork } from '../trials/trial-work.ts';

/** Lengths of the model's symbolic dimensions in its first run, for one item: what multiply-adds are counted at. */
export async function runDims(work: Pick<TrialWork, 'feeds' | 'reference'>): Promise<Readonly<Record<string, number>>> {
  const feeds = await firstFeeds(work);
  const dims: Record<string, number> = {};
  for (const input of work.reference.signature.inputs) {
    const batch = batchAxisOf(input, work.feeds.batchAxis);
    for (const [axis, dim] of input.shape.entries()) {
      const length = feeds[input.name]?.dims[axis];
      if (typeof dim === 'string' && length !== undefined) dims[dim] ??= axis === batch ? 1 : length;
    }
  }
  return dims;
}

/** The inputs of one run; none where there are no samples. */
export async function firstFeeds({ feeds }: Pick<TrialWork, 'feeds'>): Promise<NamedTensors> {
  for await (const each of adapted({ feeds }, feeds.calibrationPart(2))) return each;
  return {};
}
