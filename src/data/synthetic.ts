import { UsageError } from '../errors.ts';
import {
  bitsOf,
  isComplexType,
  isFloatType,
  isIntegerType,
  isPackedType,
  type NumericType,
} from '../onnx/data-type.ts';
import type { DenseTensor } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import type { Random } from '../stats/seeded-random.ts';
import { makeTensor } from './make-tensor.ts';

export interface SyntheticRequest {
  readonly shape: readonly number[];
  /** Positions already in the model's cache: new ones are counted on from here. */
  readonly past: number;
  /** Rows of the table that the elements are looked up in, read off the model; null where there is none. */
  readonly below: number | null;
  readonly random: Random;
}

export interface SyntheticInput {
  readonly tensor: DenseTensor;
  /** Whether other randomness gives another tensor. */
  readonly varies: boolean;
  /** The range a user should know was only guessed; null where type or name says what belongs there. */
  readonly guessed: string | null;
}

/**
 * Small enough to be a valid id in nearly every vocabulary, and to fit every integer type of a byte or more; packed
 * ones take what is positive in their signed type.
 */
const integersBelow = 100;

/** Integers that steer the work rather than being worked on: a guess would silently measure something else. */
const steering = /(^|_)(sr|k|len|lens|max|min|num)(_|$)|sample_?rate|sampling_?rate|length/i;

/**
 * Makes up one input from its declaration: floats in [0, 1), masks of ones, positions counted up, other integers at
 * random.
 * @throws UsageError `input-value-needed` for strings and for integers that steer, such as a sample rate
 */
export function synthesizeInput(input: ValueSignature, request: SyntheticRequest): SyntheticInput {
  const { type, name } = input;
  if (type === 'string' || needsValue(input)) throw new UsageError('input-value-needed', { input: name, type });
  const { shape, past, below } = request;
  const known = (valueAt: (index: number) => number): SyntheticInput => ({
    tensor: makeTensor(type, shape, valueAt),
    varies: false,
    guessed: null,
  });
  if (/mask/i.test(name)) return known(() => 1);
  if (type === 'bool') return known(() => 0);
  if (isFloatType(type) || isComplexType(type)) return floats(type, request);
  const row = shape.at(-1) ?? 1;
  if (/position|pos_ids/i.test(name)) return known((index) => past + (index % row));
  if (/token_type|segment/i.test(name)) return known(() => 0);
  return below === null ? guessedIntegers(type, request) : integers(type, { ...request, below });
}

function needsValue({ name, type, shape }: ValueSignature): boolean {
  return isIntegerType(type) && (shape.length === 0 || (shape.length === 1 && steering.test(name)));
}

/** Parts of 1 that a type holds exactly, where it has fewer than float32: a rounded 0.99999999 would be 1. */
const exactSteps: Partial<Readonly<Record<NumericType, number>>> = {
  float16: 2 ** 11,
  bfloat16: 2 ** 8,
  float8e4m3fn: 2 ** 4,
  float8e4m3fnuz: 2 ** 4,
  float8e5m2: 2 ** 3,
  float8e5m2fnuz: 2 ** 3,
  float4e2m1: 2,
  float8e8m0: 2,
};

function floats(type: NumericType, { shape, random }: SyntheticRequest): SyntheticInput {
  const steps = exactSteps[type] ?? 2 ** 24;
  const tensor = makeTensor(type, shape, () => random.integer(steps) / steps);
  return { tensor, varies: true, guessed: shape.length === 0 ? '0..1' : null };
}

function guessedIntegers(type: NumericType, request: SyntheticRequest): SyntheticInput {
  const below = isPackedType(type) ? 2 ** (bitsOf(type) - 1) : integersBelow;
  return { ...integers(type, { ...request, below }), guessed: `0..${below - 1}` };
}

function integers(
  type: NumericType,
  { shape, random, below }: SyntheticRequest & { readonly below: number },
): SyntheticInput {
  return { tensor: makeTensor(type, shape, () => random.integer(below)), varies: below > 1, guessed: null };
}
