import { array, assert, constantFrom, double, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataTypes } from '../../../src/onnx/data-type.ts';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { decodeTable } from '../../../src/onnx/tensor-types/decode-floats.ts';
import { elementAt } from '../../../src/onnx/tensor-types/element-at.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';
import { tensorOfNumbers } from '../../../src/onnx/tensor-types/tensor-of-numbers.ts';

const numeric = dataTypes.filter((type) => type !== 'string');
const small = ['float16', 'bfloat16', 'float8e4m3fn', 'float8e4m3fnuz', 'float8e5m2', 'float8e5m2fnuz'] as const;

describe('tensorOfNumbers', () => {
  it('and numbersOf undo each other in every type', () => {
    for (const type of numeric) {
      // What every type holds, int2 and uint2 aside; float8e8m0 has no zero.
      const values = type === 'float8e8m0' ? [1, 2, 0.5, 4] : type === 'bool' ? [1, 0, 0, 1] : [1, 0, 1, 1];
      const dims = type.startsWith('complex') ? [2, 1] : [2, 2];
      const tensor = tensorOfNumbers(type, dims, values);
      expect(Array.from(numbersOf(tensor))).toEqual(values);
      expect(Array.from(numbersOf(Tensor.fromDense(tensor)))).toEqual(values);
      expect(values.map((_, i) => Number(elementAt(tensor, i)))).toEqual(values);
    }
  });

  it('rounds a double once to the nearest, the even one of two', () => {
    // A brute-force search of the type's table, which the tests of casts compare with onnxruntime's.
    assert(
      property(
        constantFrom(...small),
        array(double({ noNaN: true, min: -400, max: 400 }), { size: 'small' }),
        (type, given) => {
          const table = decodeTable(type);
          const values = given.flatMap((value) => [value, value * 2 ** -10, value / 3]);
          const rounded = numbersOf(tensorOfNumbers(type, [values.length], values));
          values.forEach((value, i) => {
            const found = rounded[i] ?? NaN;
            const error = Math.abs(found - value);
            const step = (bits: number) => Math.abs((table[bits] ?? NaN) - value);
            const code = table.findIndex((number) => Object.is(number, found));
            const limit = Math.abs(value) > Math.max(...table.filter(Number.isFinite));
            const closer = limit ? false : step(code - 1) < error || step(code + 1) < error;
            const tie = !limit && (step(code - 1) === error || step(code + 1) === error) && code % 2 === 1;
            expect({ type, value, closer, tie }).toEqual({ type, value, closer: false, tie: false });
          });
        },
      ),
      { seed: 4, numRuns: 60 },
    );
    // 1 + 2^-11 is halfway between two float16s; a float32 would lose the 2^-40 that says which is nearer.
    expect(numbersOf(tensorOfNumbers('float16', [1], [1 + 2 ** -11 + 2 ** -40]))[0]).toBe(1 + 2 ** -10);
    expect(numbersOf(tensorOfNumbers('bfloat16', [2], [1 + 2 ** -8 + 2 ** -40, -(2 ** -134) - 2 ** -150]))).toEqual(
      Float32Array.of(1 + 2 ** -7, -(2 ** -133)),
    );
  });

  it('asks for as many numbers as the shape takes', () => {
    expect(() => tensorOfNumbers('int4', [3], [1, 2])).toThrow('the shape [3] takes 3 numbers, 2 are given');
    expect(() => tensorOfNumbers('complex64', [1], [1])).toThrow(RangeError);
  });
});

describe('elementAt', () => {
  it('reads packed elements from the lowest bits on', () => {
    const at = (tensor: DenseTensor, count: number) => Array.from({ length: count }, (_, i) => elementAt(tensor, i));
    // 0b11_10_01_00, then 0b01.
    expect(at({ type: 'uint2', dims: [5], data: Uint8Array.of(0xe4, 1) }, 5)).toEqual([0, 1, 2, 3, 1]);
    expect(at({ type: 'int2', dims: [5], data: Uint8Array.of(0xe4, 1) }, 5)).toEqual([0, 1, -2, -1, 1]);
    expect(at({ type: 'int4', dims: [3], data: Uint8Array.of(0x8f, 7) }, 3)).toEqual([-1, -8, 7]);
    expect(at({ type: 'float4e2m1', dims: [2], data: Uint8Array.of(0xf1) }, 2)).toEqual([0.5, -6]);
  });

  it('gives each type its own kind of element', () => {
    expect(elementAt({ type: 'string', dims: [1], data: ['a'] }, 0)).toBe('a');
    expect(elementAt({ type: 'uint64', dims: [1], data: BigUint64Array.of(2n ** 64n - 1n) }, 0)).toBe(2n ** 64n - 1n);
    expect(elementAt({ type: 'bfloat16', dims: [1], data: Uint16Array.of(0xc020) }, 0)).toBe(-2.5);
    expect(elementAt({ type: 'complex64', dims: [1], data: Float32Array.of(1, -4) }, 1)).toBe(-4);
    expect(() => elementAt({ type: 'uint8', dims: [1], data: Uint8Array.of(1) }, 1)).toThrow(RangeError);
    expect(() => numbersOf({ type: 'string', dims: [1], data: ['a'] })).toThrow(RangeError);
  });
});
