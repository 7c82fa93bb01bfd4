import { assert, constantFrom, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversionOf, fitType } from '../../src/data/fit-type.ts';
import { byteLengthOf, dataTypes, type DataType } from '../../src/onnx/data-type.ts';
import { type DenseTensor, elementsFromBytes } from '../../src/onnx/dense-tensor.ts';
import { numbersOf } from '../../src/onnx/tensor-types/numbers-of.ts';
import { isWide } from '../../src/onnx/tensor-types/wide-integers.ts';
import { value } from './signatures.ts';

/** numpy.can_cast(from, to, 'safe') of NumPy 2.4, but 64-bit integers to float64, which loses bits. */
const safe: Readonly<Partial<Record<DataType, readonly DataType[]>>> = {
  bool: ['uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'float16', 'float32', 'float64', 'uint32', 'uint64'],
  uint8: ['uint16', 'int16', 'int32', 'int64', 'float16', 'float32', 'float64', 'uint32', 'uint64'],
  int8: ['int16', 'int32', 'int64', 'float16', 'float32', 'float64'],
  uint16: ['int32', 'int64', 'float32', 'float64', 'uint32', 'uint64'],
  int16: ['int32', 'int64', 'float32', 'float64'],
  uint32: ['int64', 'float64', 'uint64'],
  int32: ['int64', 'float64'],
  uint64: [],
  int64: [],
  float16: ['float32', 'float64'],
  float32: ['float64'],
  float64: [],
};
const plain = dataTypes.filter((type) => Object.hasOwn(safe, type));

describe('conversionOf', () => {
  it('takes for exact what NumPy calls safe and is', () => {
    const exact = plain.map((from) => [from, plain.filter((to) => conversionOf(from, to) === 'exact').toSorted()]);
    expect(exact).toEqual(plain.map((from) => [from, (safe[from] ?? []).toSorted()]));
  });

  it('narrows NumPy’s own defaults only, with a check', () => {
    const checked = dataTypes.flatMap((from) =>
      dataTypes.filter((to) => conversionOf(from, to) === 'checked').map((to) => [from, to]),
    );
    expect(checked.toSorted()).toEqual([
      ['float64', 'float32'],
      ['int64', 'int32'],
    ]);
  });
});

describe('fitType', () => {
  it('keeps the value of every element where the conversion is exact', () => {
    const pairs = plain.flatMap((from) => (safe[from] ?? []).map((to) => [from, to] as const));
    assert(
      property(constantFrom(...pairs), uint8Array({ maxLength: 64 }), ([from, to], raw) => {
        if (from === 'string' || to === 'string') return;
        const bytes = from === 'bool' ? raw.map((byte) => byte % 2) : raw;
        const count = Math.floor(bytes.length / byteLengthOf(from, 1));
        const data = elementsFromBytes(from, bytes.subarray(0, byteLengthOf(from, count)));
        const tensor = { type: from, dims: [count], data };
        const fitted = fitType(value('x', to, ['n']), tensor, { path: 'x', sampleOf: () => 0 });
        expect(fitted.type).toBe(to);
        // Whole numbers of 64 bits by way of strings: they would be rounded as numbers.
        const texts = (each: DenseTensor) =>
          isWide(each.data) ? [...each.data].map(String) : [...numbersOf(each)].map(String);
        expect(texts(fitted)).toEqual(texts(tensor));
      }),
      { seed: 9, numRuns: 400 },
    );
  });
});
