import { describe, expect, it } from 'vitest';
import { findBatchAxis } from '../../src/data/batch-axis.ts';
import { bindShapes, type ShapeRequest } from '../../src/data/bind-shapes.ts';
import type { ValueSignature } from '../../src/onnx/signature.ts';
import { findingOf } from './finding-of.ts';
import { signatures, value } from './signatures.ts';

function bind(inputs: readonly ValueSignature[], request: Partial<ShapeRequest> = {}) {
  const batchAxis = findBatchAxis(inputs);
  return bindShapes(inputs, { modelPath: 'm.onnx', dims: {}, shapes: {}, batch: null, batchAxis, ...request });
}

describe('bindShapes on real models', () => {
  it('fills a language model: an empty past, 128 tokens, and their sum', () => {
    const { shapes, dims, guessed } = bind(signatures.llama, { batch: 2 });
    expect(shapes).toEqual({
      input_ids: [2, 128],
      attention_mask: [2, 128],
      position_ids: [2, 128],
      'past_key_values.0.key': [2, 4, 0, 8],
      'past_key_values.0.value': [2, 4, 0, 8],
    });
    expect(dims).toMatchObject({ batch_size: 2 });
    expect(guessed).toEqual([
      { dimension: 'sequence_length', value: 128 },
      { dimension: 'past_sequence_length', value: 0 },
    ]);
  });

  it('makes the total follow a past and a sequence that are given', () => {
    const given = bind(signatures.llama, { dims: { sequence_length: 1, past_sequence_length: 63 } });
    expect(given.shapes['attention_mask']).toEqual([1, 64]);
    const merged = bind(signatures.merged, { dims: { sequence_length: 5, past_sequence_length: 10 } });
    expect(merged.shapes['attention_mask']).toEqual([1, 15]);
  });

  it('evaluates a sum of names', () => {
    const inputs = [
      value('ids', 'int64', ['batch', 'seq']),
      value('past', 'float32', ['batch', 'past_len', 8]),
      value('mask', 'int64', ['batch', 'past_len + seq']),
    ];
    expect(bind(inputs, { dims: { past_len: 7, seq: 3 } }).shapes['mask']).toEqual([1, 10]);
  });

  it('gives unnamed batch axes one size, and asks for what has no name', () => {
    expect(bind(signatures.sileroUnnamed, { batch: 4, dims: { 'input#1': 512 } }).shapes).toEqual({
      input: [4, 512],
      state: [2, 4, 128],
      sr: [],
    });
    expect(findingOf(() => bind(signatures.sileroUnnamed))).toEqual({
      code: 'unbound-dimension',
      details: { model: 'm.onnx', input: 'input', axis: 1, dimension: 'input#1', others: [] },
    });
  });

  it('names the other dimensions that are missing too', () => {
    expect(findingOf(() => bind(signatures.ppOcrCls)).details).toEqual({
      model: 'm.onnx',
      input: 'x',
      axis: 2,
      dimension: 'p2o.DynamicDimension.1',
      others: ['p2o.DynamicDimension.2'],
    });
    expect(bind(signatures.ppOcrCls, { shapes: { x: [1, 3, 48, 192] } }).dims).toEqual({
      'p2o.DynamicDimension.0': 1,
      'p2o.DynamicDimension.1': 48,
      'p2o.DynamicDimension.2': 192,
    });
  });

  it('takes INPUT#AXIS for a named axis, and data for what it has', () => {
    expect(bind(signatures.sileroNamed, { dims: { 'input#1': 512 } }).shapes['input']).toEqual([1, 512]);
    const dataShapes = new Map([['input', [3, 256]]]);
    expect(bind(signatures.sileroNamed, { dataShapes }).shapes['state']).toEqual([2, 3, 128]);
    expect(bind(signatures.sileroNamed, { dataShapes }).guessed).toEqual([]);
  });

  it('puts the batch in the place that a whole shape leaves for it', () => {
    const images = [{ name: 'x', type: 'float32', shape: ['n', 3, 'h', 'w'] }] as const;
    const { shapes, dims } = bind(images, { shapes: { x: [1, 3, 48, 192] }, batch: 8 });
    expect(shapes['x']).toEqual([8, 3, 48, 192]);
    expect(dims).toEqual({ n: 8, h: 48, w: 192 });
  });

  it('lets --dim give the batch', () => {
    const { shapes, guessed } = bind(signatures.sileroNamed, { dims: { batch: 4 } });
    expect(shapes['state']).toEqual([2, 4, 128]);
    expect(guessed).toEqual([{ dimension: 'sequence', value: 128 }]);
  });

  it('leaves a fixed model as it is', () => {
    expect(bind(signatures.mnist)).toEqual({ shapes: { Input3: [1, 1, 28, 28] }, dims: {}, guessed: [] });
  });
});

describe('bindShapes refuses', () => {
  it.for([
    [{ dims: { nope: 1 } }, 'unknown-dimension', { known: ['batch', 'sequence'] }],
    [{ shapes: { nope: [1] } }, 'unknown-input', { known: ['input', 'state', 'sr'] }],
    [{ shapes: { state: [2, 1] } }, 'shape-mismatch', { declared: [2, 'batch', 128] }],
    [{ shapes: { state: [3, 1, 128] } }, 'shape-mismatch', { given: [3, 1, 128] }],
    [{ shapes: { state: [2, 3, 128], input: [4, 5] } }, 'dimension-conflict', { first: 3, second: 4 }],
    [{ dims: { batch: 4 }, batch: 8 }, 'dimension-conflict', { first: 4, second: 8 }],
    [{ dims: { batch: 0 } }, 'bad-value', { flag: '--dim' }],
    [{ dims: { sequence: 1.5 } }, 'bad-value', { flag: '--dim' }],
    [{ shapes: { input: [1, -5] } }, 'bad-value', { flag: '--shape' }],
    [{ batch: 0 }, 'bad-value', { flag: '--batch' }],
    [{ dims: { sequence: 1e9 } }, 'bad-value', { value: 'input=1x1000000000' }],
  ] as const)('%j: %s', ([request, code, details]) => {
    expect(findingOf(() => bind(signatures.sileroNamed, request))).toMatchObject({ code, details });
  });

  it('a batch the model cannot take', () => {
    const details = { dimension: 'batch', first: 1, second: 2 };
    expect(findingOf(() => bind(signatures.mnist, { batch: 2 }))).toEqual({ code: 'dimension-conflict', details });
  });
});
