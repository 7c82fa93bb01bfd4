import type { BatchAxis } from '../data/batch-axis.ts';
import type { Dataset, DatasetBatch } from '../data/dataset.ts';
import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { LoadedModel } from '../runtime/model-runner.ts';
import type { DropLimit } from './drop-limit.ts';
import type { TaskRequest } from './task.ts';

/** A model that is evaluated, or that another one is held against. */
export interface EvaluatedModel {
  /** For errors and warnings: its path. */
  readonly name: string;
  readonly loaded: LoadedModel;
  /** Where its inputs lie along the samples. */
  readonly batchAxis: BatchAxis;
  /** The data's inputs as this model takes them. */
  adapt(feeds: NamedTensors): NamedTensors;
}

export interface EvaluateProgress {
  readonly samples: number;
  /** All that will be run. */
  readonly of: number;
  /** Time in which the model was running so far. */
  readonly modelMs: number;
}

export interface EvaluateOptions {
  readonly dataset: Pick<Dataset, 'path' | 'originOf' | 'hasLabels'>;
  readonly batches: AsyncIterable<DatasetBatch>;
  /** How many samples the batches hold together, for progress. */
  readonly samples: number;
  readonly model: EvaluatedModel;
  readonly reference: EvaluatedModel | null;
  readonly task: TaskRequest;
  readonly maxDrop: DropLimit | null;
  readonly minSqnrDb: number | null;
  /** Decides what the bootstrap draws. */
  readonly seed: number;
  /** Monotonic clock. */
  nowMs(): number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: EvaluateProgress) => void) | undefined;
}
