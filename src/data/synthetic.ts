import { UsageError } from '../errors.ts';
import { isFloatType, isIntegerType } from '../onnx/data-type.ts';
import type { DenseTensor } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import type { Random } from '../stats/seeded-random.ts';
import { makeTensor, type NumericType } from './make-tensor.ts';

export interface SyntheticRequest {
  readonly shape: readonly number[];
  /** Positions already in the model's cache: new ones are counted on from here. */
  readonly past: number;
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
 * Small enough to be a valid id in nearly every vocabulary, and to fit every integer type of a byte or more; a nibble
 * takes no more than 7.
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
  const { shape, past } = request;
  const known = (valueAt: (index: number) => number): SyntheticInput => ({
    tensor: makeTensor(type, shape, valueAt),
    varies: false,
    guessed: null,
  });
  if (/mask/i.test(name)) return known(() => 1);
  if (type === 'bool') return known(() => 0);
  if (isFloatType(type)) return floats(type, request);
  const row = shape.at(-1) ?? 1;
  if (/position|pos_ids/i.test(name)) return known((index) => past + (index % row));
  return /token_type|segment/i.test(name) ? known(() => 0) : integers(type, request);
}

function needsValue({ name, type, shape }: ValueSignature): boolean {
  return isIntegerType(type) && (shape.length === 0 || (shape.length === 1 && steering.test(name)));
}

function floats(type: NumericType, { shape, random }: SyntheticRequest): SyntheticInput {
  // Steps that the type holds exactly: a rounded 0.99999999 would be 1.
  const steps = type === 'float16' ? 2 ** 11 : 2 ** 24;
  const tensor = makeTensor(type, shape, () => random.integer(steps) / steps);
  return { tensor, varies: true, guessed: shape.length === 0 ? '0..1' : null };
}

function integers(type: NumericType, { shape, random }: SyntheticRequest): SyntheticInput {
  const below = type === 'int4' || type === 'uint4' ? 8 : integersBelow;
  return { tensor: makeTensor(type, shape, () => random.integer(below)), varies: true, guessed: `0..${below - 1}` };
}
