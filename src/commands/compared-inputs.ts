import { findBatchAxis } from '../data/batch-axis.ts';
import type { InputRequest } from '../data/input-request.ts';
import type { InputValue } from '../data/input-value.ts';
import { integerLimits } from '../data/integer-limits.ts';
import { loadSamples } from '../data/samples.ts';
import { UsageError } from '../errors.ts';
import type { Model } from '../onnx/model.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import { createRandom } from '../stats/seeded-random.ts';

/** What a user says of the inputs that two models are compared on. */
export interface ComparedInputs {
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly values: Readonly<Record<string, InputValue>>;
  readonly dataPath: string | null;
  readonly samples: number | null;
  readonly seed: number;
}

export interface InputsRequest {
  /** Names the model in errors. */
  readonly originalPath: string;
  /** Tells what integers must stay below. */
  readonly rewritten: Model;
  readonly dims: Readonly<Record<string, number>>;
  readonly inputs: ComparedInputs;
}

/** Synthetic sets of inputs that both models run on where there are no data. */
const syntheticSets = 3;

/** Samples read where the user does not say how many. */
const usualSamples = 8;

/** What to feed a model, in the words of `resolveInputs`. Throws DataError and UsageError for `--data`. */
export function inputRequestOf(signature: ModelSignature, request: InputsRequest): InputRequest {
  const { shapes, values, seed, dataPath, samples } = request.inputs;
  const batchAxis = findBatchAxis(signature.inputs);
  const limit = samples ?? usualSamples;
  const given = new Set(Object.keys(values));
  const random = createRandom(seed, 'samples');
  return {
    modelPath: request.originalPath,
    dims: request.dims,
    shapes,
    values,
    batch: null,
    batchAxis,
    integerLimits: integerLimits(request.rewritten),
    samples: dataPath === null ? null : loadSamples(dataPath, { ...signature, batchAxis, given, limit, random }),
    poolSize: dataPath === null ? syntheticSets : limit,
    seed,
  };
}

const hints: Readonly<Record<string, string>> = {
  // Here, --dim says more than in commands that only measure.
  'unbound-dimension':
    '--dim bakes a length into the model, --shape is for the comparison alone, --no-verify does without it',
  'input-value-needed': 'it is for the comparison of outputs, which --no-verify does without',
};

/** Says of inputs that are missing what they are wanted for. */
export function withHint<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const hint = error instanceof UsageError ? hints[error.code] : undefined;
    throw hint !== undefined && error instanceof UsageError ? error.withHint(hint) : error;
  }
}
