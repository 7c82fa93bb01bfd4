import type { Workplace } from '../onnx/file/workplace.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import type { BatchAxis } from './batch-axis.ts';
import type { Preprocess } from './preprocess.ts';

/**
 * What a model makes of two texts: a cross encoder takes them as one input, an encoder embeds one at a time, so that
 * the two embeddings can be compared.
 */
export const pairUses = ['joint', 'separate'] as const;
export type PairUse = (typeof pairUses)[number];

/** What a dataset is opened for. */
export interface DatasetOptions {
  readonly inputs: readonly ValueSignature[];
  readonly outputs: readonly ValueSignature[];
  readonly batchAxis: BatchAxis;
  /** Inputs that the user gives otherwise: the data need not have them, and is not asked for them. */
  readonly given: ReadonlySet<string>;
  /** What to do with images; null for what the model's shape tells. */
  readonly preprocess: Preprocess | null;
  /** Path of a `tokenizer.json`, which texts need. */
  readonly tokenizer: string | null;
  /** What is done with the `pair` of rows that have one; `joint` by default. */
  readonly pairs?: PairUse;
  /** Where to unpack what cannot be read in place. */
  readonly workplace: Workplace;
}
