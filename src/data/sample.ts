import type { NamedTensors } from '../onnx/dense-tensor.ts';

/** One item of a data set, as the model takes it or without the batch axis. */
export interface Sample {
  readonly inputs: NamedTensors;
  /** What the model should return for exactly these inputs, by output name; null where the data does not say. */
  readonly expected: NamedTensors | null;
  /** File or folder, with the index where it holds several. For errors. */
  readonly origin: string;
}
