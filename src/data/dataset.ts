import type { DenseTensor, NamedTensors } from '../onnx/dense-tensor.ts';

/**
 * What is true of a sample: a class (int64 scalar), a sequence of ids or numbers to predict (a tensor), or a text.
 */
export type Label = DenseTensor | string;

/** Samples put together as a model takes them. */
export interface DatasetBatch {
  /**
   * Positions of the samples in the dataset, in the order in which they lie along the batch axis. Where the model fixes
   * that axis and fewer samples are left, the last one is repeated in the feeds (and in `expected`): the outputs then
   * have more rows than there are indices, and those beyond are to be ignored.
   */
  readonly indices: readonly number[];
  /** Joined along each input's batch axis; inputs without one are the same for all samples. */
  readonly feeds: NamedTensors;
  /** One label a sample; null where the dataset has none. */
  readonly labels: readonly Label[] | null;
  /**
   * Gives the memory of `feeds` to a later batch. Whoever calls it has no use for them any more, nor has anybody they were
   * handed to. Nothing is lost where nobody does.
   */
  readonly recycle?: () => void;
  /** Outputs that the data say to expect for exactly these feeds; null where they do not. */
  readonly expected: NamedTensors | null;
  /** The second text of each sample, for models that embed one text at a time; absent where texts are joined. */
  readonly pair?: NamedTensors;
}

/** Samples that stay in their files until they are read, whatever their number. */
export interface Dataset {
  /** File or folder. */
  readonly path: string;
  readonly size: number;
  readonly hasLabels: boolean;
  /** Names of the classes where the data tell them (folders of images), by class. */
  readonly classNames: readonly string[] | null;
  /** Whether samples have second texts, joined with the first or separate. */
  readonly hasPairs: boolean;
  /** How many samples a run takes where model or data fix it (1 without a batch axis); null where any number will do. */
  readonly samplesPerRun: number | null;
  /** Where a sample comes from, for errors: file, with the row where it holds several. */
  originOf(index: number): string;
  /**
   * Lengths of the sample's inputs as one string: samples with equal keys may share a batch. Does not decode the sample
   * where it can be told without.
   */
  shapeKey(index: number): Promise<string>;
  /** Reads samples of one shape and puts them together. Throws DataError naming file, input, type, shape. */
  read(indices: readonly number[]): Promise<DatasetBatch>;
  /** Closes files and removes what was unpacked. Never throws. */
  close(): Promise<void>;
}
