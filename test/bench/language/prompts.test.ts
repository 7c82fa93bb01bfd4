import { describe, expect, it } from 'vitest';
import type { LanguageModel } from '../../../src/bench/language/language-model.ts';
import { checkVocabulary, makePrompts } from '../../../src/bench/language/prompts.ts';
import { recognizeDecoder } from '../../../src/bench/language/recognize.ts';
import { decoderSignature } from './decoder-signature.ts';

const found = recognizeDecoder(decoderSignature);
if (found.kind !== 'decoder') throw new Error('no decoder');
const model: LanguageModel = {
  path: 'lm.onnx',
  generation: found.model,
  batchAxis: { kind: 'symbolic', dimension: 'batch_size', also: [] },
  vocabulary: 100,
  contextLimit: null,
  kvBytesPerToken: 512,
  stateBytes: 0,
};
const needs = { tokens: 5, batch: 2, requests: 3, seed: 0 };
const row = (...ids: readonly number[]) => ({ ids, origin: `row ${ids[0]}` });

describe('made-up prompts', () => {
  it('are of the length, below the vocabulary, all different and the same again', () => {
    const made = makePrompts(model, null, needs);
    expect(made.map((request) => request.map(({ length }) => length))).toEqual([1, 2, 3].map(() => [5, 5]));
    expect(new Set(made.flat().map((ids) => ids.join())).size).toBe(6);
    for (const id of made.flat(2)) expect(id).toBeLessThan(100);
    expect(makePrompts(model, null, needs)).toEqual(made);
    expect(makePrompts(model, null, { ...needs, seed: 1 })).not.toEqual(made);
    // Longer ones begin alike.
    expect(makePrompts(model, null, { ...needs, tokens: 9 })[0]?.[0]?.slice(0, 5)).toEqual(made[0]?.[0]);
  });

  it('keep to ids that any model has where the vocabulary is not known', () => {
    const made = makePrompts({ ...model, vocabulary: null }, null, { ...needs, tokens: 200 });
    expect(Math.max(...made.flat(2))).toBeLessThan(100);
  });
});

describe('prompts from data', () => {
  const rows = [row(1, 2, 3), row(4), row(5, 6, 7, 8, 9, 10)];

  it('are cut to the length, and too short ones go on with the next text', () => {
    expect(makePrompts(model, rows, needs)).toEqual([
      [
        [1, 2, 3, 4, 5],
        [4, 5, 6, 7, 8],
      ],
      [
        [5, 6, 7, 8, 9],
        [1, 2, 3, 4, 5],
      ],
    ]);
  });

  it('keep their own lengths, those of one batch the shortest of theirs', () => {
    expect(makePrompts(model, rows, { ...needs, tokens: null, batch: 1 })).toEqual(rows.map(({ ids }) => [ids]));
    expect(makePrompts(model, rows, { ...needs, tokens: null })).toEqual([
      [[1], [4]],
      [
        [5, 6, 7],
        [1, 2, 3],
      ],
    ]);
  });

  it('are refused where an id is beyond the vocabulary', () => {
    expect(() => checkVocabulary(rows, model)).not.toThrow();
    expect(() => checkVocabulary([...rows, row(7, 100)], model)).toThrow(
      expect.objectContaining({
        name: 'DataError',
        code: 'token-unknown',
        details: { path: 'row 7', id: 100, model: 'lm.onnx', vocabulary: 100 },
      }),
    );
    expect(() => checkVocabulary([row(1e6)], { ...model, vocabulary: null })).not.toThrow();
  });
});
