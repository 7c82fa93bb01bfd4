import { loadEdited } from '../compute/load-edited.ts';
import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelPlace, TrainingEnd } from './training-end.ts';

/** What a model returns for a few samples. Throws RuntimeError where it does not run. */
export async function probe(end: TrainingEnd, feeds: NamedTensors, place: ModelPlace): Promise<NamedTensors> {
  const loaded = await loadEdited(end.model, { ...place, name: end.path });
  try {
    return await loaded.run(feeds);
  } finally {
    await loaded.release();
  }
}

/** Where samples lie: along an axis, `whole` where a run takes one without an axis for it, null where nothing tells them apart. */
export type SampleAxis = number | 'whole' | null;

/** An output as it came out of a run. */
export interface ProbedOutput {
  readonly name: string;
  readonly tensor: DenseTensor;
  readonly sampleAxis: SampleAxis;
}

/** The outputs of a run over so many samples, in the order in which the model declares them. */
export function probedOutputs(end: TrainingEnd, outputs: NamedTensors, samples: number): readonly ProbedOutput[] {
  return end.signature.outputs.flatMap(({ name, shape }) => {
    const tensor = outputs[name];
    return tensor === undefined ? [] : [{ name, tensor, sampleAxis: sampleAxisOf(end, { tensor, shape, samples }) }];
  });
}

interface Probed {
  readonly tensor: DenseTensor;
  readonly shape: readonly (number | string)[];
  readonly samples: number;
}

/** The axis that bears the batch's name, else the first one where it is as long as the batch. */
function sampleAxisOf({ batchAxis }: TrainingEnd, { tensor, shape, samples }: Probed): SampleAxis {
  if (batchAxis.kind === 'none') return 'whole';
  if (batchAxis.kind === 'symbolic') {
    const names = new Set<number | string>([batchAxis.dimension, ...batchAxis.also]);
    const named = shape.findIndex((dim) => names.has(dim));
    if (named !== -1 && tensor.dims[named] === samples) return named;
  }
  return tensor.dims[0] === samples ? 0 : null;
}
