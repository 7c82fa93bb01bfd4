import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import { writeRunnable } from '../../onnx/file/runnable-model.ts';
import type { Model } from '../../onnx/model.ts';
import { thisWorkplace } from '../../runtime/workplace.ts';
import type { SampleSet } from './feeds.ts';
import type { TrialWork } from './trial-work.ts';

function writeForRuntime(model: Model) {
  return writeRunnable(model, { workplace: thisWorkplace(), near: null });
}

/** What models are written to, and what they are called. */
export function editedModels({ request, runner }: Pick<TrialWork, 'request' | 'runner'>) {
  return { runner, name: request.modelPath, write: writeForRuntime };
}

/** Batches as the model takes them. */
export async function* adapted(
  work: Pick<TrialWork, 'feeds'>,
  set: SampleSet,
): AsyncGenerator<NamedTensors, void, undefined> {
  for await (const { feeds } of set.batches()) yield work.feeds.adapt(feeds);
}
