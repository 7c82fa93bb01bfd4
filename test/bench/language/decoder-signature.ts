import type { ModelSignature, ValueSignature } from '../../../src/onnx/signature.ts';

type Type = ValueSignature['type'];

export function value(name: string, type: Type, shape: readonly (number | string)[]): ValueSignature {
  return { name, type, shape };
}

const layers = [0, 1];
const parts = layers.flatMap((layer) => [`${layer}.key`, `${layer}.value`]);
const past = ['batch_size', 4, 'past_sequence_length', 8];
const total = ['batch_size', 4, 'past_sequence_length + sequence_length', 8];

export const ids = value('input_ids', 'int64', ['batch_size', 'sequence_length']);
export const mask = value('attention_mask', 'int64', ['batch_size', 'total_sequence_length']);
export const positions = value('position_ids', 'int64', ['batch_size', 'sequence_length']);
export const logits = value('logits', 'float32', ['batch_size', 'sequence_length', 100]);
export const pasts = parts.map((part) => value(`past_key_values.${part}`, 'float32', past));
export const presents = parts.map((part) => value(`present.${part}`, 'float32', total));

/** As Optimum exports a decoder: two layers of four heads of eight, a vocabulary of 100. */
export const decoderSignature: ModelSignature = {
  inputs: [ids, mask, positions, ...pasts],
  outputs: [logits, ...presents],
};

/** The same model without its cache. */
export const uncachedSignature: ModelSignature = { inputs: [ids, mask], outputs: [logits] };
