import type { Dataset } from '../data/dataset.ts';
import type { Sample } from '../data/sample.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';

/** Samples of a dataset in memory, as a model takes them: those of one shape, for one run has one. */
export async function samplesOf(
  dataset: Dataset,
  indices: Uint32Array,
  adapt: (feeds: NamedTensors) => NamedTensors,
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  let shape: string | null = null;
  for (const index of indices) {
    const key = await dataset.shapeKey(index);
    // One run, one shape: what differs is left out.
    shape ??= key;
    if (key !== shape) continue;
    const { feeds } = await dataset.read([index]);
    samples.push({ inputs: adapt(feeds), expected: null, origin: dataset.originOf(index) });
  }
  return samples;
}
