import type { ShapeRequest } from './bind-shapes.ts';
import type { InputValue } from './input-value.ts';
import type { Sample } from './sample.ts';

/** Everything a user may say about a model's inputs. */
export interface InputRequest extends Omit<ShapeRequest, 'dataShapes'> {
  /** `--input`: by input name; these win over data. */
  readonly values: Readonly<Record<string, InputValue>>;
  /** From `loadSamples`; null when there is no data. */
  readonly samples: readonly Sample[] | null;
  /** From `integerLimits`: what integers made up for an input must stay below. */
  readonly integerLimits: Readonly<Record<string, number>>;
  /** How many distinct sets of inputs to make at most. */
  readonly poolSize: number;
  readonly seed: number;
}
