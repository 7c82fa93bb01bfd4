import { describe, expect, it } from 'vitest';
import { batchAxisOf, findBatchAxis } from '../../src/data/batch-axis.ts';
import { findingOf } from './finding-of.ts';
import { signatures, value } from './signatures.ts';

const symbolic = (dimension: string, ...also: string[]) => ({ kind: 'symbolic', dimension, also });

describe('findBatchAxis', () => {
  it.for([
    ['ppOcrCls', symbolic('p2o.DynamicDimension.0')],
    ['sileroNamed', symbolic('batch')],
    ['sileroUnnamed', symbolic('input#0', 'state#1')],
    ['mnist', { kind: 'fixed', size: 1 }],
    ['llama', symbolic('batch_size')],
    ['bert', symbolic('unk__6', 'unk__8', 'unk__10')],
  ] as const)('of %s', ([name, expected]) => {
    expect(findBatchAxis(signatures[name])).toEqual(expected);
  });

  it('takes the surest of several names, and N only in first place', () => {
    expect(findBatchAxis([value('a', 'float32', ['N', 'batch_size'])])).toEqual(symbolic('batch_size'));
    expect(findBatchAxis([value('a', 'float32', ['N', 3])])).toEqual(symbolic('N'));
    expect(findBatchAxis([value('points', 'float32', [1, 'N', 3])])).toEqual({ kind: 'fixed', size: 1 });
  });

  it('joins batches of two names', () => {
    const inputs = [value('a', 'float32', ['batch_a', 3]), value('b', 'float32', ['batch_b', 3])];
    expect(findBatchAxis(inputs)).toEqual(symbolic('batch_a', 'batch_b'));
  });

  it('sees none in a picture, a sequence, or inputs that disagree', () => {
    const none = { kind: 'none' };
    expect(findBatchAxis([value('image', 'float32', [3, 224, 224])])).toEqual(none);
    expect(findBatchAxis([value('image', 'uint8', ['height', 'width', 3])])).toEqual(none);
    expect(findBatchAxis([value('ids', 'int64', ['sequence_length'])])).toEqual(none);
    expect(findBatchAxis([value('a', 'float32', [2, 3]), value('b', 'float32', [4, 3])])).toEqual(none);
    expect(findBatchAxis([value('a', 'float32', ['rows', 3]), value('b', 'float32', ['columns', 3])])).toEqual(none);
    expect(findBatchAxis([value('sr', 'int64', [])])).toEqual(none);
    expect(findBatchAxis([])).toEqual(none);
  });

  it('takes the dimension a user names, by name or address', () => {
    expect(findBatchAxis(signatures.llama, 'sequence_length')).toEqual(symbolic('sequence_length'));
    expect(findBatchAxis(signatures.sileroNamed, 'state#1')).toEqual(symbolic('batch'));
    expect(findBatchAxis(signatures.sileroUnnamed, 'state#1')).toEqual(symbolic('state#1', 'input#0'));
    expect(findingOf(() => findBatchAxis(signatures.sileroNamed, 'state#0'))).toEqual({
      code: 'unknown-dimension',
      details: { dimension: 'state#0', known: ['batch', 'sequence'] },
    });
  });
});

describe('batchAxisOf', () => {
  it('is an axis, or null', () => {
    const axis = findBatchAxis(signatures.sileroUnnamed);
    expect(signatures.sileroUnnamed.map((input) => batchAxisOf(input, axis))).toEqual([0, 1, null]);
    expect(batchAxisOf(signatures.mnist[0], { kind: 'fixed', size: 1 })).toBe(0);
    expect(batchAxisOf(signatures.mnist[0], { kind: 'none' })).toBeNull();
  });
});
