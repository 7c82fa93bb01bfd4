import type { EditedModels } from '../compute/load-edited.ts';
import { loadEdited } from '../compute/load-edited.ts';
import { copyModel } from '../compute/copy-model.ts';
import type { BatchAxis } from '../data/batch-axis.ts';
import { findBatchAxis } from '../data/batch-axis.ts';
import { ModelError } from '../errors.ts';
import type { Model } from '../onnx/model.ts';
import { constantsToInitializers } from '../onnx/passes/constants-to-initializers.ts';
import { inlineFunctions } from '../onnx/passes/inline-functions.ts';
import { makeBatchDynamic } from '../onnx/passes/make-batch-dynamic.ts';
import type { ModelSignature } from '../onnx/signature.ts';

/** A model as it is read from its file. */
export interface GivenModel {
  readonly path: string;
  readonly sha256: string;
  readonly model: Model;
}

/** A teacher or student as training sees it: a copy whose weights are initializers and whose batch is free if it can be. */
export interface TrainingEnd {
  readonly path: string;
  readonly model: Model;
  readonly signature: ModelSignature;
  readonly batchAxis: BatchAxis;
  /** Why it takes one number of samples only; null where it takes any. */
  readonly fixedBy: string | null;
}

/** Where models are loaded, without the name that errors give them. */
export type ModelPlace = Omit<EditedModels, 'name'>;

/** Readies a model for training. Throws ModelError or RuntimeError where the runtime does not take it. */
export async function openEnd({ path, model }: GivenModel, place: ModelPlace): Promise<TrainingEnd> {
  const copy = copyModel(model);
  inlineFunctions(path).apply(copy);
  constantsToInitializers.apply(copy);
  const signature = await signatureOf(copy, { ...place, name: path });
  const batchAxis = findBatchAxis(signature.inputs);
  const end = { path, model: copy, signature, batchAxis, fixedBy: null };
  if (batchAxis.kind === 'symbolic') return end;
  if (batchAxis.kind === 'none') return { ...end, fixedBy: 'its inputs have no batch axis' };
  const problem = freeBatch(copy, path);
  if (problem !== null) return { ...end, fixedBy: problem };
  const freed = await signatureOf(copy, { ...place, name: path });
  return { ...end, signature: freed, batchAxis: findBatchAxis(freed.inputs) };
}

/** How many samples it takes at a time; null for any. */
export function samplesTaken({ batchAxis }: TrainingEnd): number | null {
  if (batchAxis.kind === 'symbolic') return null;
  return batchAxis.kind === 'fixed' ? batchAxis.size : 1;
}

async function signatureOf(model: Model, models: EditedModels): Promise<ModelSignature> {
  const loaded = await loadEdited(model, models);
  await loaded.release();
  return loaded.signature;
}

/** Lets it take any number of samples; says why it cannot. */
function freeBatch(model: Model, path: string): string | null {
  try {
    return makeBatchDynamic({ path }).apply(model) ? null : 'the first axes of its inputs differ';
  } catch (error) {
    if (!(error instanceof ModelError) || error.code !== 'batch-fixed') throw error;
    const [node, problem] = [Reflect.get(error.details, 'node'), Reflect.get(error.details, 'problem')];
    return node === '' ? String(problem) : `node '${String(node)}': ${String(problem)}`;
  }
}
