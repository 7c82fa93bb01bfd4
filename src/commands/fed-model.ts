import { type BatchAxis, findBatchAxis } from '../data/batch-axis.ts';
import { findDimension } from '../data/dimension-names.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import type { LoadedModel } from '../runtime/model-runner.ts';
import { bothOf, mapPair, type ModelPair } from './model-pair.ts';

/** A model as far as what goes in and out of it is concerned. */
export interface FedModel {
  /** Names it in errors. */
  readonly name: string;
  readonly signature: ModelSignature;
  readonly batchAxis: BatchAxis;
}

/** A model in memory, by the path it came from. */
export interface LoadedFile {
  readonly path: string;
  readonly loaded: LoadedModel;
}

/** A model that tells its signature, by the path it came from. */
export interface SignedFile {
  readonly path: string;
  readonly loaded: Pick<LoadedModel, 'signature'>;
}

/**
 * Models with their batch axes. The dimension that the user says is the batch counts for those that have it.
 * @throws UsageError `unknown-dimension` when none has it
 */
export function fedPair(files: ModelPair<SignedFile>, batchDimension: string | undefined): ModelPair<FedModel> {
  const has = ({ inputs }: ModelSignature) => batchDimension !== undefined && findDimension(inputs, batchDimension);
  const isKnown = bothOf(files).some(({ loaded }) => has(loaded.signature));
  return mapPair(files, ({ path, loaded: { signature } }) => ({
    name: path,
    signature,
    batchAxis: findBatchAxis(signature.inputs, has(signature) || !isKnown ? batchDimension : undefined),
  }));
}
