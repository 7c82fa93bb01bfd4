import { InferError } from '../errors.ts';
import { encodeModel } from '../onnx/file/encode-model.ts';
import type { Model } from '../onnx/model.ts';
import { Tensor } from '../onnx/tensor.ts';
import type { Value } from '../onnx/value.ts';
import type { ModelRunner } from '../runtime/model-runner.ts';
import { foldModel } from './fold-model.ts';
import type { FoldableNodes } from './foldable-nodes.ts';
import { tryInHalves } from './try-in-halves.ts';

export interface FoldRun {
  readonly model: Model;
  readonly foldable: FoldableNodes;
  readonly runner: ModelRunner;
  /** Gets the results. */
  readonly tensors: Map<Value, Tensor>;
  /** Models that may still be run: counted down, and to nothing when the process was lost. */
  readonly tries: { left: number };
}

/** Computes values in one model. What the runtime refuses is missing from the results. */
export async function runFolds(wanted: readonly Value[], run: FoldRun): Promise<void> {
  try {
    await tryInHalves(wanted, (values) => runOnce(values, run), run.tries);
  } catch (error) {
    if (!(error instanceof InferError)) throw error;
    run.tries.left = 0;
  }
}

async function runOnce(values: readonly Value[], { model, foldable, runner, tensors }: FoldRun): Promise<void> {
  const fold = foldModel(model, values, foldable);
  const loaded = await runner.load({ bytes: encodeModel(fold.model) }, { name: 'constant folding' });
  try {
    const results = await loaded.run({});
    for (const [value, name] of fold.outputs) {
      const result = results[name];
      if (result !== undefined) tensors.set(value, Tensor.fromDense(result));
    }
  } finally {
    await loaded.release();
  }
}
