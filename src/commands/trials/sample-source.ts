import type { PairUse } from '../../data/dataset-options.ts';
import type { InputValue } from '../../data/input-value.ts';
import type { Preprocess } from '../../data/preprocess.ts';

/** Where samples come from and how they feed the model. */
export interface SampleSource {
  /** Null where there are none: nothing vouches for quality then. */
  readonly path: string | null;
  /** Most to calibrate on; as many others judge. Null where the user does not say. */
  readonly samples: number | null;
  readonly batch: number | null;
  readonly batchDimension: string | undefined;
  readonly dims: Readonly<Record<string, number>>;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly values: Readonly<Record<string, InputValue>>;
  readonly preprocess: Preprocess | null;
  readonly pairs: PairUse | null;
  readonly tokenizer: string | null;
}
