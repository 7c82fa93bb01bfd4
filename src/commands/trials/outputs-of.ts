import { loadEdited } from '../../compute/load-edited.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { Model } from '../../onnx/model.ts';
import type { LoadOptions } from '../../runtime/model-runner.ts';
import { editedModels } from './model-feeding.ts';
import type { TrialWork } from './trial-work.ts';

export interface Running {
  readonly feeds: readonly NamedTensors[];
  readonly optimization: NonNullable<LoadOptions['optimization']>;
}

/** What a model makes of each set of inputs. Throws what loading and running it throw. */
export async function outputsOf(
  work: Pick<TrialWork, 'request' | 'runner'>,
  model: Model,
  { feeds, optimization }: Running,
): Promise<readonly NamedTensors[]> {
  const loaded = await loadEdited(model, editedModels(work), { optimization });
  try {
    const outputs: NamedTensors[] = [];
    for (const each of feeds) outputs.push(await loaded.run(each));
    return outputs;
  } finally {
    await loaded.release();
  }
}
