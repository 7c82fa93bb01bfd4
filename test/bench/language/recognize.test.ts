import { describe, expect, it } from 'vitest';
import { bytesPerToken, stateBytes } from '../../../src/bench/language/pair-cache.ts';
import { recognizeDecoder } from '../../../src/bench/language/recognize.ts';
import type { ModelSignature, ValueSignature } from '../../../src/onnx/signature.ts';
import {
  decoderSignature,
  ids,
  logits,
  mask,
  pasts,
  positions,
  presents,
  uncachedSignature,
  value,
} from './decoder-signature.ts';

function modelOf(signature: ModelSignature) {
  const found = recognizeDecoder(signature);
  if (found.kind !== 'decoder') throw new Error(JSON.stringify(found));
  return found.model;
}

function replaced(tensors: readonly ValueSignature[], ...others: readonly ValueSignature[]): readonly ValueSignature[] {
  return tensors.map((tensor) => others.find(({ name }) => name === tensor.name) ?? tensor);
}

describe('a decoder with a cache', () => {
  it('is known by its inputs and outputs', () => {
    const model = modelOf(decoderSignature);
    expect(model).toMatchObject({
      ids: { name: 'input_ids', type: 'int64', fixedLength: null },
      mask: { name: 'attention_mask' },
      positions: { name: 'position_ids' },
      types: null,
      branch: null,
      logits: 'logits',
    });
    expect(model.cache).toHaveLength(4);
    expect(model.cache[0]).toEqual({
      past: 'past_key_values.0.key',
      present: 'present.0.key',
      type: 'float32',
      dims: ['batch', 4, 'length', 8],
    });
    // Keys and values of two layers, four heads of eight floats.
    expect(bytesPerToken(model.cache)).toBe(2 * 2 * 4 * 8 * 4);
  });

  it('may be merged, without positions, of half precision and of few heads', () => {
    const half = (tensors: readonly ValueSignature[]) =>
      tensors.map(({ name, shape }) => value(name, 'float16', shape.with(1, 2)));
    const model = modelOf({
      inputs: [ids, mask, value('use_cache_branch', 'bool', [1]), ...half(pasts)],
      outputs: [logits, ...half(presents)],
    });
    expect(model).toMatchObject({ branch: 'use_cache_branch', positions: null });
    expect(bytesPerToken(model.cache)).toBe(2 * 2 * 2 * 8 * 2);
  });

  it.each([
    ['past_0', 'present_0', [2, 'batch', 12, 'past_seq_len', 64], [2, 'batch', 12, 'total_seq_len', 64], 3],
    ['past_key_0', 'present_key_0', ['b', 8, 'past', 64], ['b', 8, 'total', 64], 2],
    ['past.0.key', 'present.0.key', ['x#0', 8, 'x#2', 64], ['y#0', 8, 'y#2', 64], 2],
    ['cache_k_0', 'new_cache_k_0', ['batch', 'kv_len', 8, 64], ['batch', 'kv_len_out', 8, 64], 1],
  ] as const)('pairs %s with %s', (past, present, from, to, axis) => {
    const batch = from.find((dim) => typeof dim === 'string') ?? 1;
    const model = modelOf({
      inputs: [value('input_ids', 'int64', [batch, 'sequence']), value(past, 'float32', from)],
      outputs: [logits, value(present, 'float32', to)],
    });
    expect(model.cache[0]).toMatchObject({ past, present });
    expect(model.cache[0]?.dims[axis]).toBe('length');
    expect(model.cache[0]?.dims.filter((dim) => dim === 'batch')).toHaveLength(1);
  });

  it('carries states that do not grow', () => {
    const { cache } = modelOf({
      inputs: [ids, ...pasts, value('past_conv.0', 'float32', ['batch_size', 16, 4])],
      outputs: [logits, ...presents, value('present_conv.0', 'float32', ['batch_size', 16, 4])],
    });
    expect(cache.at(-1)?.dims).toEqual(['batch', 16, 4]);
    expect(stateBytes(cache)).toBe(16 * 4 * 4);
    expect(bytesPerToken(cache)).toBe(512);
  });

  it('may keep its cache in bytes, and be asked for the last logits alone', () => {
    const bytes = (tensors: readonly ValueSignature[]) => tensors.map(({ name, shape }) => value(name, 'uint8', shape));
    const model = modelOf({
      inputs: [ids, value('num_logits_to_keep', 'int64', []), ...bytes(pasts)],
      outputs: [logits, ...bytes(presents)],
    });
    expect(bytesPerToken(model.cache)).toBe(128);
    expect(model.logitsToKeep).toEqual({ name: 'num_logits_to_keep', type: 'int64' });
  });
});

describe('a cache that does not hold together', () => {
  const broken = (inputs: readonly ValueSignature[], outputs: readonly ValueSignature[]) => {
    const found = recognizeDecoder({ inputs, outputs });
    return found.kind === 'broken' ? found.mismatch : found;
  };

  it('names both tensors where their shapes differ', () => {
    const other = value('present.1.key', 'float32', ['batch_size', 8, 'total', 8]);
    expect(broken([ids, ...pasts], [logits, ...replaced(presents, other)])).toEqual({
      input: 'past_key_values.1.key',
      output: 'present.1.key',
      problem: 'axis 1 is 4 in one and 8 in the other',
    });
  });

  it('names both where their types or ranks differ', () => {
    const half = value('present.0.value', 'float16', presents[1]?.shape ?? []);
    expect(broken([ids, ...pasts], [logits, ...replaced(presents, half)])).toMatchObject({
      input: 'past_key_values.0.value',
      output: 'present.0.value',
      problem: 'one is float32, the other float16',
    });
    const flat = value('present.0.value', 'float32', ['batch_size', 'total', 32]);
    expect(broken([ids, ...pasts], [logits, ...replaced(presents, flat)])).toMatchObject({
      problem: 'one has 4 axes, the other 3',
    });
  });

  it('names the one that is alone', () => {
    expect(broken([ids, ...pasts], [logits, ...presents.slice(1)])).toMatchObject({
      input: 'past_key_values.0.key',
      output: null,
    });
    expect(broken([ids, ...pasts.slice(1)], [logits, ...presents])).toMatchObject({
      input: null,
      output: 'present.0.key',
    });
  });

  it('cannot grow along an axis that is fixed on one side, or be fed without a length', () => {
    const fixed = value('present.0.key', 'float32', ['batch_size', 4, 64, 8]);
    expect(broken([ids, ...pasts], [logits, ...replaced(presents, fixed)])).toMatchObject({
      problem: 'axis 2 is past_sequence_length in one and 64 in the other',
    });
    const open = value('past_key_values.0.key', 'float32', ['batch_size', 'heads', 'past_sequence_length', 8]);
    expect(broken([ids, ...replaced(pasts, open)], [logits, ...presents])).toMatchObject({
      problem: "the length of axis 1 ('heads') cannot be told",
    });
  });
});

describe('models without a cache', () => {
  it('run the whole text', () => {
    expect(modelOf(uncachedSignature)).toMatchObject({ cache: [], positions: null });
    // A decoder that hands its cache out and takes none in: the first half of an export in two files.
    expect(modelOf({ inputs: [ids, mask], outputs: [logits, ...presents] }).cache).toEqual([]);
  });

  it('may take a fixed number of tokens', () => {
    const fixed = (name: string) => value(name, 'int64', [1, 64]);
    const model = modelOf({
      inputs: [fixed('input_ids'), fixed('attention_mask')],
      outputs: [value('logits', 'float32', [1, 64, 100])],
    });
    expect(model.ids.fixedLength).toBe(64);
  });
});

it.each<[string, ModelSignature]>([
  ['no input takes token ids', { inputs: [value('x', 'float32', [1, 3, 8, 8])], outputs: [logits] }],
  [
    'no output is the logits',
    { inputs: [ids], outputs: [value('a', 'float32', [1, 2]), value('b', 'float32', [1, 2])] },
  ],
  [
    "input 'encoder_hidden_states' is none",
    { inputs: [ids, value('encoder_hidden_states', 'float32', ['b', 's', 8])], outputs: [logits] },
  ],
  ["'input_ids' is no matrix", { inputs: [value('input_ids', 'int64', ['sequence'])], outputs: [logits] }],
  [
    "'attention_mask' is no matrix",
    { inputs: [ids, value('attention_mask', 'int64', ['b', 1, 's', 's'])], outputs: [logits] },
  ],
  [
    "'attention_mask' has a fixed length of 32",
    { inputs: [ids, value('attention_mask', 'int64', ['b', 32]), ...pasts], outputs: [logits, ...presents] },
  ],
  [
    'it takes 16 tokens a run beside its cache',
    { inputs: [value('input_ids', 'int64', ['batch_size', 16]), ...pasts], outputs: [logits, ...presents] },
  ],
])('is told why a model is none: %s', (problem, signature) => {
  const found = recognizeDecoder(signature);
  expect(found.kind === 'other' ? found.problem : found).toContain(problem);
});

it('recognizes the positions of a decoder that takes one token a run', () => {
  const one = (name: string) => value(name, 'int64', ['batch_size', 1]);
  const inputs = [one('input_ids'), mask, one('position_ids'), ...pasts];
  expect(modelOf({ inputs, outputs: [logits, ...presents] }).ids.fixedLength).toBe(1);
  expect(positions.name).toBe('position_ids');
});
