import { describe, expect, it } from 'vitest';
import type { DataType } from '../../../src/onnx/data-type.ts';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { castTensor } from '../../../src/onnx/tensor-types/cast-tensor.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';
import { tensorOfNumbers } from '../../../src/onnx/tensor-types/tensor-of-numbers.ts';
import { firstDifference } from './first-difference.ts';
import { runCast } from './run-cast.ts';

const texts = (...data: readonly string[]): DenseTensor => ({ type: 'string', dims: [data.length], data });

describe('numbers to strings, as onnxruntime casts them', () => {
  const values = [0, -0, 1, -1, 0.1, 1.5, Math.PI, 1e-4, 9.9e-5, 1e-5, 123_456.789, 99_999_999, 1e7, 1e8, 123_456_789]
    .concat([1e10, 1e15, 1e16, 1e38, 1e-40, 0.3, 100, 99_999.9999, NaN, Infinity, -Infinity])
    .concat(Array.from({ length: 120 }, (_, i) => (i % 2 === 0 ? 1 : -1) * 1.2345678901 * 10 ** (i / 2 - 30)));

  it.for(['float32', 'float64', 'float16', 'bfloat16'] as const)('%s', async (type) => {
    const source = tensorOfNumbers(type, [values.length], values);
    const theirs = await runCast(source, ['string']);
    expect(firstDifference(castTensor(source, 'string').data, theirs.data)).toBeNull();
  });

  it.for(['int64', 'uint8', 'int4', 'uint2', 'bool'] as const)('%s', async (type) => {
    const source = castTensor({ type: 'int64', dims: [4], data: BigInt64Array.of(0n, 1n, -5n, 2n ** 62n + 1n) }, type);
    const theirs = await runCast(source, ['string']);
    expect(castTensor(source, 'string').data).toEqual(theirs.data);
  });
});

describe('strings to numbers, as onnxruntime casts them', () => {
  it.for(['float32', 'float64', 'float16', 'bfloat16', 'float8e4m3fn'] as const)('%s', async (type) => {
    const source = texts(
      '1',
      '-1.5',
      '1e5',
      ' 2',
      '+5',
      '.5',
      '3.',
      '1E-8',
      'INF',
      '+inf',
      '-Inf',
      'nan',
      'NaN',
      '2.718',
    );
    const theirs = await runCast(source, type === 'float32' || type === 'float64' ? [type] : [type, 'float32']);
    expect(firstDifference(numbersOf(castTensor(source, type)), numbersOf(theirs))).toBeNull();
  });

  it.for(['int8', 'uint8', 'int32', 'uint32', 'int64', 'uint64', 'bool'] as const)('%s', async (type) => {
    const source = texts('0', '1', '-1', '+7', '300', ' 12', '9007199254740993');
    const theirs = await runCast(source, [type]);
    expect(castTensor(source, type).data).toEqual(theirs.data);
  });

  it.for([
    ['', 'float32'],
    ['abc', 'float64'],
    ['1e400', 'float32'],
    ['0x10', 'float32'],
    ['1.5', 'int32'],
    ['99999999999999999999', 'int64'],
    ['-18446744073709551616', 'uint64'],
    ['true', 'bool'],
  ] as const)("'%s' is no %s", ([text, type]: readonly [string, DataType]) => {
    expect(() => castTensor(texts(text), type)).toThrow(RangeError);
  });
});

describe('castTensor', () => {
  it('knows no complex numbers, as ONNX does not', () => {
    const complex: DenseTensor = { type: 'complex64', dims: [1], data: Float32Array.of(1, 2) };
    expect(() => castTensor(complex, 'float32')).toThrow('complex64 cannot be cast to float32');
    expect(() => castTensor(texts('1'), 'complex128')).toThrow(RangeError);
  });

  it('keeps the shape, and the tensor where the type is the same', () => {
    const scalar: DenseTensor = { type: 'float32', dims: [], data: Float32Array.of(2.5) };
    expect(castTensor(scalar, 'float32')).toBe(scalar);
    expect(castTensor(scalar, 'int32')).toEqual({ type: 'int32', dims: [], data: Int32Array.of(2) });
    const empty: DenseTensor = { type: 'int4', dims: [2, 0], data: new Uint8Array() };
    expect(castTensor(empty, 'float16')).toEqual({ type: 'float16', dims: [2, 0], data: new Uint16Array() });
  });
});
