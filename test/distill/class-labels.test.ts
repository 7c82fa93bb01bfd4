import { describe, expect, it } from 'vitest';
import type { Label } from '../../src/data/dataset.ts';
import { areClasses, labelVector } from '../../src/distill/class-labels.ts';
import { floats, long, longs } from '../../src/onnx/graph-builder.ts';

const batch = (labels: readonly Label[] | null) => ({ indices: [4, 7], feeds: {}, labels, expected: null });
const vector = (labels: readonly Label[] | null) =>
  labelVector(batch(labels), { classes: 3, length: 4, originOf: (index) => `d.npz[${index}]` });

describe('labels', () => {
  it('are classes when each is one whole number', () => {
    expect(areClasses([long(2), longs([1])])).toBe(true);
    expect(areClasses([long(2), longs([1, 2])])).toBe(false);
    expect(areClasses([floats([], [1])])).toBe(false);
    expect(areClasses(['cat'])).toBe(false);
    expect(areClasses(null)).toBe(false);
  });

  it('become one vector, the last one repeated as its sample is', () => {
    expect(vector([long(2), long(0)])).toEqual({ type: 'int64', dims: [4], data: BigInt64Array.of(2n, 0n, 0n, 0n) });
  });

  it.each([
    [[long(0), long(3)], 'label-out-of-range', { path: 'd.npz[7]', label: 3, classes: 3 }],
    [[long(-1), long(0)], 'label-out-of-range', { path: 'd.npz[4]', label: -1, classes: 3 }],
    [[long(0), 'dog'], 'label-mismatch', { path: 'd.npz[7]', found: 'a text', expected: 'a class' }],
    [[floats([2], [0, 1]), long(1)], 'label-mismatch', { path: 'd.npz[4]', found: 'float32[2]', expected: 'a class' }],
    [null, 'label-mismatch', { path: 'd.npz[4]', found: 'missing', expected: 'a class' }],
  ])('%o are refused with their sample', (labels, code, details) => {
    expect(() => vector(labels)).toThrow(expect.objectContaining({ code, details }));
  });
});
