import { describe, expect, it } from 'vitest';
import { bitsOf, type DataType } from '../../../src/onnx/data-type.ts';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { bigintsOf } from '../../../src/onnx/tensor-types/bigints-of.ts';
import { castTensor } from '../../../src/onnx/tensor-types/cast-tensor.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { firstDifference } from './first-difference.ts';
import { runCast } from './run-cast.ts';

const whole = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64'] as const;
const packed = ['int4', 'uint4', 'int2', 'uint2'] as const;
const integers = [...whole, ...packed, 'bool'] as const;
const floats = ['float16', 'bfloat16', 'float32', 'float64', 'float8e4m3fn', 'float8e5m2fnuz'] as const;

/** A type that onnxruntime-node returns and that holds every element of the given one. */
const readable = (type: DataType): readonly DataType[] => {
  if (packed.some((name) => name === type)) return [type.startsWith('u') ? 'uint8' : 'int8'];
  return type.startsWith('float8') || type === 'bfloat16' ? ['float32'] : [];
};

/** Where our cast and onnxruntime's first differ. */
async function castDifference(source: DenseTensor, to: DataType) {
  const theirs = await runCast(source, [to, ...readable(to)]);
  return firstDifference(elementsOf(castTensor(source, to)), elementsOf(theirs));
}

const elementsOf = (tensor: DenseTensor): ArrayLike<number | bigint> =>
  tensor.type.endsWith('int64') ? bigintsOf(tensor) : numbersOf(tensor);

const random = createRandom(3, 'integers');
const word = () => BigInt(random.integer(2 ** 32));

/** Edges of every type, sums whose float32 is decided by their last bit, and random numbers of every length. */
const longs: DenseTensor = {
  type: 'int64',
  dims: [1049],
  data: BigInt64Array.from(
    [
      [0n, 1n, -1n, 7n, 8n, -8n, -9n, 15n, 16n, 127n, 128n, 255n, 256n, -128n, -129n, 32767n, 32768n, 65535n, 65536n],
      [
        2n ** 31n - 1n,
        2n ** 31n,
        2n ** 32n - 1n,
        2n ** 32n,
        -(2n ** 31n),
        2n ** 53n,
        2n ** 53n + 1n,
        -(2n ** 53n) - 1n,
      ],
      [2n ** 63n - 1n, -(2n ** 63n), 16_777_217n, -16_777_219n, 257n * 2n ** 30n + 1n, 65_519n, 65_520n],
      [60n, 61n, 62n].flatMap((n) => [-1n, 0n, 1n].map((rest) => 2n ** n + 2n ** (n - 24n) + rest)),
      [60n, 61n].flatMap((n) => [-1n, 0n, 1n].map((rest) => -(2n ** n) - 2n ** (n - 24n) + rest)),
      Array.from({ length: 1000 }, () => BigInt.asIntN(64, (word() << 32n) | word()) >> BigInt(random.integer(64))),
    ].flat(),
  ),
};

describe('whole numbers and booleans, as onnxruntime casts them', () => {
  it('to one another, keeping the low bits', async () => {
    for (const from of integers) {
      const source = castTensor(longs, from);
      expect(await castDifference(longs, from)).toBeNull();
      for (const to of integers.filter((other) => other !== from)) expect(await castDifference(source, to)).toBeNull();
    }
  });

  it('to floats', async () => {
    for (const from of integers) {
      const source = castTensor(longs, from);
      for (const to of floats) expect(await castDifference(source, to)).toBeNull();
    }
  });
});

describe('floats to whole numbers, as onnxruntime casts them', () => {
  it.for(whole)('%s by truncation', async (to) => {
    const bits = bitsOf(to);
    const [least, most] = to.startsWith('u') ? [0, 2 ** bits] : [-(2 ** (bits - 1)), 2 ** (bits - 1)];
    const values = Array.from({ length: 2000 }, () => (random.integer(2 ** 32) - 2 ** 31) * 2 ** -random.integer(40));
    const scaled = [...values, ...values.map((value) => value * 2 ** 32)];
    const inRange = [0, -0.9, 0.5, 1.5, 2.5, ...scaled].filter((value) => Math.trunc(value) >= least && value < most);
    const doubles: DenseTensor = { type: 'float64', dims: [inRange.length], data: Float64Array.from(inRange) };
    expect(await castDifference(doubles, to)).toBeNull();
    for (const from of ['float32', 'float16', 'bfloat16', 'float8e5m2'] as const) {
      const rounded = numbersOf(castTensor(doubles, from)).filter(
        (value) => Math.trunc(value) >= least && value < most,
      );
      const source: DenseTensor = { type: 'float64', dims: [rounded.length], data: Float64Array.from(rounded) };
      expect(await castDifference(castTensor(source, from), to)).toBeNull();
    }
  });

  it.for(packed)('%s by rounding, halves away from zero', async (to) => {
    const [least, most] = to.startsWith('u')
      ? [0, 2 ** bitsOf(to) - 1]
      : [-(2 ** (bitsOf(to) - 1)), 2 ** (bitsOf(to) - 1) - 1];
    const quarters = Array.from({ length: 4 * (most - least) + 1 }, (_, i) => least + i / 4);
    const source: DenseTensor = { type: 'float32', dims: [quarters.length], data: Float32Array.from(quarters) };
    expect(await castDifference(source, to)).toBeNull();
    expect(await castDifference(castTensor(source, 'float16'), to)).toBeNull();
  });

  it.for(floats)('%s to bool: all but zero is true', async (from) => {
    const values = Float64Array.of(0, 1, -1, 0.25, NaN, Infinity, -Infinity);
    expect(await castDifference(castTensor({ type: 'float64', dims: [7], data: values }, from), 'bool')).toBeNull();
    // Of 8-bit floats onnxruntime calls negative zero true; the operator's document says false.
    const zero: DenseTensor = { type: 'float64', dims: [1], data: Float64Array.of(-0) };
    expect(castTensor(castTensor(zero, from), 'bool').data).toEqual(Uint8Array.of(0));
  });

  it('keeps the low bits out of range, where ONNX says nothing', () => {
    const source: DenseTensor = { type: 'float64', dims: [4], data: Float64Array.of(300, -129.7, 2 ** 33 + 5, NaN) };
    expect(castTensor(source, 'uint8').data).toEqual(Uint8Array.of(44, 127, 5, 0));
    expect(castTensor(source, 'int64').data).toEqual(BigInt64Array.of(300n, -129n, 2n ** 33n + 5n, 0n));
    expect(castTensor(source, 'uint64').data).toEqual(BigUint64Array.of(300n, 2n ** 64n - 129n, 2n ** 33n + 5n, 0n));
  });
});

describe('bigintsOf', () => {
  it('is exact where numbers are not', () => {
    const tensor: DenseTensor = { type: 'uint64', dims: [2], data: BigUint64Array.of(2n ** 64n - 1n, 2n ** 53n + 1n) };
    expect(Array.from(bigintsOf(tensor))).toEqual([2n ** 64n - 1n, 2n ** 53n + 1n]);
    expect(Array.from(numbersOf(tensor))).toEqual([2 ** 64, 2 ** 53]);
    expect(Array.from(bigintsOf({ type: 'int4', dims: [3], data: Uint8Array.of(0x8f, 0x07) }))).toEqual([-1n, -8n, 7n]);
    expect(() => bigintsOf({ type: 'float32', dims: [1], data: Float32Array.of(1) })).toThrow(RangeError);
  });
});
