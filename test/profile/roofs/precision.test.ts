import { describe, expect, it } from 'vitest';
import { precisionOf } from '../../../src/profile/roofs/precision.ts';

describe('precisionOf', () => {
  it.each([
    ['MatMul', 'float32', 'float32'],
    ['MatMul', 'float16', 'float16'],
    ['MatMul', 'bfloat16', 'float32'],
    ['QLinearConv', 'uint8', 'int8'],
    ['DynamicQuantizeMatMul', 'float32', 'int8'],
    ['MatMulNBits', 'float32', 'float32'],
  ])('says of %s on %s: %s', (op, type, precision) => {
    expect(precisionOf({ op, inputs: [{ type, dims: [1] }] })).toBe(precision);
  });

  it('takes a kernel without inputs for one of float32', () => {
    expect(precisionOf({ op: 'Constant', inputs: [] })).toBe('float32');
  });
});
