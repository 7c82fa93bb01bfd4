import type { BatchAxis } from '../../src/data/batch-axis.ts';
import { findBatchAxis } from '../../src/data/batch-axis.ts';
import { symbolicDimensions } from '../../src/data/dimension-names.ts';
import type { InputValue } from '../../src/data/input-value.ts';
import { integerLimits } from '../../src/data/integer-limits.ts';
import { resolveInputs } from '../../src/data/resolve-inputs.ts';
import type { Model } from '../../src/onnx/model.ts';
import type { ModelSignature } from '../../src/onnx/signature.ts';
import type { Trial } from './check-model.ts';

/** Lengths that suit the models this is meant for: images of 64 by 64, frames of 512 samples of sound. */
const imageLength = 64;
const frameLength = 512;

/** What a user would say of the inputs of such a model. */
export interface KnownInputs {
  readonly dims: Readonly<Record<string, number>>;
  readonly values: Readonly<Record<string, InputValue>>;
}

export function knownInputs(signature: ModelSignature): KnownInputs {
  const batchAxis = findBatchAxis(signature.inputs);
  const values = { sr: { kind: 'scalar', text: '16000' } } as const;
  const known = Object.fromEntries(
    Object.entries(values).filter(([name]) => signature.inputs.some((input) => input.name === name)),
  );
  const dims = Object.fromEntries(
    symbolicDimensions(signature.inputs)
      .filter((name) => !batchNames(batchAxis).includes(name))
      .filter((name) => /Dynamic|unk|#/.test(name) || (name === 'sequence' && !isAttention(signature)))
      .map((name) => [name, name.startsWith('p2o') ? imageLength : frameLength]),
  );
  return { dims, values: known };
}

/** Seeded inputs for a model that has no test sets. Throws UsageError where a value is needed. */
export function syntheticTrial(model: Model, signature: ModelSignature): Trial {
  const batchAxis = findBatchAxis(signature.inputs);
  const request = { modelPath: 'the model', shapes: {}, batch: null, batchAxis, samples: null, poolSize: 1, seed: 0 };
  const known = knownInputs(signature);
  const { pool } = resolveInputs(signature, { ...request, ...known, integerLimits: integerLimits(model) });
  return { feeds: pool[0] ?? {}, expected: null };
}

function batchNames(axis: BatchAxis): readonly string[] {
  return axis.kind === 'symbolic' ? [axis.dimension, ...axis.also] : [];
}

function isAttention({ inputs }: ModelSignature): boolean {
  return inputs.some(({ name }) => name.includes('attention'));
}
