import type { Label } from '../../data/dataset.ts';
import type { NamedTensors } from '../../onnx/dense-tensor.ts';
import type { SampleRows } from '../sample-rows.ts';

export const metricNames = [
  'accuracy',
  'top-k',
  'macro-f1',
  'exact-match',
  'mse',
  'cosine',
  'spearman',
  'perplexity',
] as const;
export type MetricName = (typeof metricNames)[number];

/**
 * What each sample got, small enough to keep for all of them, so that two models can be compared sample by sample.
 * `statistic` is the metric over the samples picked by index, repeats included; over all of them for null.
 */
export type SampleScores =
  | { readonly kind: 'proportion'; readonly hits: Uint8Array }
  | {
      readonly kind: 'corpus';
      readonly size: number;
      readonly statistic: (picked: Uint32Array | null) => number;
      /** Whether it is made of right and wrong answers, which may all be alike because the samples are few. */
      readonly ofAnswers?: true;
    };

/** A metric's name and what the samples got: what is judged, by `judgeDrop`, and summarized. */
export interface MetricScores {
  /** As results write it: `top5` for top-k at 5, else the metric's own name. */
  readonly name: string;
  readonly higherIsBetter: boolean;
  /** Whether it goes from 0 to 1, so that a point of it is a hundredth. */
  readonly isShare: boolean;
  readonly scores: SampleScores;
}

/** The scored output of one run, with what the model was fed. */
export interface ScoredRun {
  readonly rows: SampleRows;
  readonly feeds: NamedTensors;
  /** Language models: the first token that counts as predicted in this run. */
  readonly firstTarget: number;
}

/** A batch whose samples are to be scored. */
export interface ScoredBatch extends ScoredRun {
  /** One a sample; null where the metric needs none. */
  readonly labels: readonly Label[] | null;
  /** The second texts of pairs; null where there are none. */
  readonly pair: ScoredRun | null;
  /** Further runs over the same sequences, where they are longer than the model's context. */
  readonly windows: readonly ScoredRun[];
  /** Where a sample of the batch comes from, for errors. */
  originOf(sample: number): string;
}

/** One metric of one model, growing batch by batch. */
export interface Metric {
  /** Throws DataError for a label that does not fit, naming the sample. */
  add(batch: ScoredBatch): void;
  result(): MetricScores;
  /** Samples in which there was nothing to predict; absent where that cannot be. */
  unscored?(): number;
}
