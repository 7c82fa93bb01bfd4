import { describe, expect, it } from 'vitest';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { float16Trouble } from '../../../src/quantize/float16/float16-trouble.ts';
import { nodesToKeep } from '../../../src/quantize/float16/nodes-to-keep.ts';

/** 100 bins from -size to size; `share` of 1000 elements lies below 2^-14, in the bins right of the middle. */
function histogram(size: number, share: number) {
  const counts = Array.from({ length: 101 }, () => 0);
  counts[51] = 1000 * share;
  counts[100] = 1000 * (1 - share);
  return { min: -size, max: size, histogram: { low: -size, high: size, counts } };
}

describe('float16Trouble', () => {
  it('leaves a headroom of 8 to 0.9 of the largest float16, on both sides', () => {
    const limit = (0.9 * 65_504) / 8;
    expect(float16Trouble({ min: 0, max: limit })).toBeNull();
    expect(float16Trouble({ min: 0, max: limit + 1 })).toBe('overflow');
    expect(float16Trouble({ min: -limit - 1, max: 0 })).toBe('overflow');
  });

  it('ignores infinities and the sentinels of masks', () => {
    expect(float16Trouble({ min: -Infinity, max: 3 })).toBeNull();
    expect(float16Trouble({ min: -3.4e38, max: 3 })).toBeNull();
    expect(float16Trouble({ min: -1e9, max: 3 })).toBe('overflow');
    expect(float16Trouble({ min: Number.NaN, max: Number.NaN })).toBeNull();
  });

  it('finds what vanishes: all below 2^-14, or most of a tiny value', () => {
    expect(float16Trouble({ min: 0, max: 0 })).toBeNull();
    expect(float16Trouble({ min: 0, max: 5e-5 })).toBe('vanish');
    expect(float16Trouble(histogram(1e-3, 0.6))).toBe('vanish');
    expect(float16Trouble(histogram(1e-3, 0.4))).toBeNull();
    // The same shape on a larger scale: the low bin reaches beyond 2^-14.
    expect(float16Trouble(histogram(1, 0.6))).toBeNull();
  });

  it('does not count the bin around zero, where a ReLU leaves most elements', () => {
    const counts = [0, 0, 900, 0, 100];
    const statistics = { min: 0, max: 1e-3, histogram: { low: -1e-3, high: 1e-3, counts } };
    expect(float16Trouble(statistics)).toBeNull();
  });
});

describe('nodesToKeep', () => {
  it('names the nodes at both ends of a value in trouble, not those that read its shape', () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2]);
    const big = g.op('Mul', [x, g.constant('w', floats([], [2]))], { as: 'big' });
    const small = g.op('Sqrt', [big], { as: 'small' });
    g.output(g.op('Neg', [small]), 'y', tensorType('float32', [2]));
    g.output(g.op('Shape', [big]), 'shape', tensorType('int64', [1]));
    const kept = nodesToKeep(g.model(), new Map([['big', { min: 0, max: 1e5 }]]));
    expect([...kept]).toEqual([
      ['big', 'overflow'],
      ['small', 'overflow'],
    ]);
  });
});
