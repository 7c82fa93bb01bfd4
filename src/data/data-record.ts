import type { NamedTensors } from '../onnx/dense-tensor.ts';
import type { Label } from './dataset.ts';

/** One sample of a dataset whose samples are decoded one by one. */
export interface DataRecord {
  /** In the model's types, with or without the batch axis. */
  readonly inputs: NamedTensors;
  /** The second text of a pair that is not joined with the first, as `inputs`; null where there is none. */
  readonly pair: NamedTensors | null;
  readonly label: Label | null;
  readonly expected: NamedTensors | null;
}

/** Samples that are decoded one by one. */
export interface RecordSource {
  readonly path: string;
  readonly size: number;
  readonly hasLabels: boolean;
  readonly classNames: readonly string[] | null;
  /** Whether samples have second texts. */
  readonly hasPairs: boolean;
  originOf(index: number): string;
  /** @throws DataError naming the sample */
  load(index: number): Promise<DataRecord>;
  /** The shape key where it can be told without decoding; null where it cannot. */
  readonly quickKey: ((index: number) => Promise<string>) | null;
  close(): void;
}
