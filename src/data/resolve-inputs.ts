import { UsageError } from '../errors.ts';
import { byteLengthOf } from '../onnx/data-type.ts';
import { elementCount, type NamedTensors } from '../onnx/dense-tensor.ts';
import type { ModelSignature } from '../onnx/signature.ts';
import { planBatches } from './data-batches.ts';
import { fillInputs } from './fill-inputs.ts';
import type { InputNote } from './input-note.ts';
import type { InputRequest } from './input-request.ts';

/** What a model is fed, ready to run. */
export interface ResolvedInputs {
  /** Distinct sets of inputs to cycle through; never empty. */
  readonly pool: readonly NamedTensors[];
  /** For each of the pool, the outputs its data says to expect, or null. */
  readonly expected: readonly (NamedTensors | null)[];
  /** Every symbolic dimension of the inputs as finally bound; where data varies, those of the first of the pool. */
  readonly dims: Readonly<Record<string, number>>;
  readonly notes: readonly InputNote[];
}

/** Distinct inputs keep a benchmark honest about caches; more than this only takes memory from the model. */
export const maxPoolBytes = 64 * 2 ** 20;

/**
 * Decides every input of a model: from values the user gives, then data, then seeded synthetic tensors in the shapes
 * that follow. The same seed gives the same bytes.
 * @throws UsageError as `bindShapes`, `valueTensor` and `synthesizeInput` do; DataError for files
 */
export function resolveInputs({ inputs }: ModelSignature, request: InputRequest): ResolvedInputs {
  const known = inputs.map((input) => input.name);
  const stranger = Object.keys(request.values).find((name) => !known.includes(name));
  if (stranger !== undefined) throw new UsageError('unknown-input', { input: stranger, known });
  const batches = planBatches(inputs, request);
  const fill = (index: number) => {
    const { tensors, expected } = batches.at(index);
    return { ...fillInputs(inputs, { request, tensors, index }), expected };
  };
  const first = fill(0);
  const pool = [first];
  const wanted = first.varies ? request.poolSize : Math.min(request.poolSize, batches.count);
  const setBytes = bytesOf(first.feeds);
  let poolBytes = setBytes;
  // Asked before filling too: where one set is big, a second one made in vain could be too much for memory.
  while (pool.length < wanted && poolBytes + setBytes <= maxPoolBytes) {
    const next = fill(pool.length);
    poolBytes += bytesOf(next.feeds);
    if (poolBytes > maxPoolBytes) break;
    pool.push(next);
  }
  return {
    pool: pool.map(({ feeds }) => feeds),
    expected: pool.map(({ expected }) => expected),
    dims: first.dims,
    notes: first.notes,
  };
}

function bytesOf(tensors: NamedTensors): number {
  return Object.values(tensors).reduce((sum, { type, dims }) => sum + byteLengthOf(type, elementCount(dims)), 0);
}
