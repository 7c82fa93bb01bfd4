import type { DenseTensor, NumericElements } from '../../onnx/dense-tensor.ts';
import type { CachePair, FedInput, GenerationModel } from './generation-model.ts';

/** Tokens of one run: those from `from` to `to` of each sequence. */
export interface Step {
  /** All of one length. */
  readonly sequences: readonly (readonly number[])[];
  /** Tokens before these are in the cache. */
  readonly from: number;
  readonly to: number;
  /** Places after the tokens that nothing is to look at; only without a past. */
  readonly padding: number;
}

/**
 * What a run is fed beside the cache. Plain loops: for a small model this is the largest part of the
 * time between two tokens that is not the model's.
 */
export function stepFeeds(model: GenerationModel, step: Step): Record<string, DenseTensor> {
  const { from, to, padding, sequences } = step;
  const { ids, mask, positions, types, branch, logitsToKeep } = model;
  const dims = [sequences.length, to - from + padding];
  const feeds: Record<string, DenseTensor> = {};
  feeds[ids.name] = idsOf(ids, step, dims);
  if (mask !== null) feeds[mask.name] = maskOf(mask, step);
  if (positions !== null) feeds[positions.name] = positionsOf(positions, step, dims);
  if (types !== null) feeds[types.name] = filled(types, dims, 0);
  if (branch !== null) feeds[branch] = { type: 'bool', dims: [1], data: Uint8Array.of(from > 0 ? 1 : 0) };
  if (logitsToKeep !== null) feeds[logitsToKeep.name] = filled(logitsToKeep, [], 1);
  return feeds;
}

function idsOf(input: FedInput, { sequences, from, to, padding }: Step, dims: readonly number[]): DenseTensor {
  const data = elementsOf(input.type, sequences.length * (to - from + padding));
  let index = 0;
  for (const sequence of sequences) {
    for (let at = from; at < to; at++) put(data, index++, sequence[at] ?? 0);
    index += padding;
  }
  return { type: input.type, dims, data };
}

function positionsOf(input: FedInput, { sequences, from, to, padding }: Step, dims: readonly number[]): DenseTensor {
  const data = elementsOf(input.type, sequences.length * (to - from + padding));
  let index = 0;
  for (let row = 0; row < sequences.length; row++) {
    for (let at = from; at < to; at++) put(data, index++, at);
    index += padding;
  }
  return { type: input.type, dims, data };
}

function maskOf(input: FedInput, { sequences, to, padding }: Step): DenseTensor {
  const width = to + padding;
  // A text of thousands of tokens has a mask as long at every step: filled at once, it takes no time to speak of.
  const mask = filled(input, [sequences.length, width], 1);
  if (padding === 0) return mask;
  for (let row = 0; row < sequences.length; row++) fill(mask.data.subarray(row * width + to, (row + 1) * width), 0);
  return mask;
}

type FedElements = BigInt64Array | Int32Array | Float32Array | Uint8Array;

function filled(input: FedInput, dims: readonly number[], value: number) {
  const data = elementsOf(
    input.type,
    dims.reduce((product, dim) => product * dim, 1),
  );
  if (value !== 0) fill(data, value);
  return { type: input.type, dims, data };
}

function put(data: FedElements, index: number, value: number): void {
  if (data instanceof BigInt64Array) data[index] = BigInt(value);
  else data[index] = value;
}

function fill(data: FedElements, value: number): void {
  if (data instanceof BigInt64Array) data.fill(BigInt(value));
  else data.fill(value);
}

/** Of the types that recognition lets pass: the others are int32, float32 and bool. */
function elementsOf(type: FedInput['type'], length: number): FedElements {
  if (type === 'int64') return new BigInt64Array(length);
  if (type === 'int32') return new Int32Array(length);
  return type === 'float32' ? new Float32Array(length) : new Uint8Array(length);
}

const cacheArrays = { float32: Float32Array, float16: Uint16Array, int8: Int8Array, uint8: Uint8Array } as const;

/** The cache before the first token: nothing of what grows, zeros of what does not. */
export function emptyCache(pairs: readonly CachePair[], batch: number): Record<string, DenseTensor> {
  return Object.fromEntries(
    pairs.map(({ past, type, dims }) => {
      const lengths = dims.map((dim) => (dim === 'batch' ? batch : dim === 'length' ? 0 : dim));
      const elements = lengths.reduce((product, length) => product * length, 1);
      const data: NumericElements = new cacheArrays[type](elements);
      return [past, { type, dims: lengths, data }];
    }),
  );
}
