import { describe, expect, it } from 'vitest';
import type { DataType } from '../../../src/onnx/data-type.ts';
import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { castTensor } from '../../../src/onnx/tensor-types/cast-tensor.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { firstDifference } from './first-difference.ts';
import { runCast } from './run-cast.ts';

const eightBit = ['float8e4m3fn', 'float8e4m3fnuz', 'float8e5m2', 'float8e5m2fnuz'] as const;
const sixteenBit = ['float16', 'bfloat16'] as const;
const small = [...sixteenBit, ...eightBit];

const vector = (type: DataType, data: Exclude<DenseTensor['data'], readonly string[]>): DenseTensor => ({
  type,
  dims: [data.length],
  data,
});

const inside = (x: number, from: number, to: number): boolean => Math.abs(x) >= from && Math.abs(x) < to;

/**
 * Each upper half of a float32 (all signs, exponents and leading mantissas, so also all infinities, NaNs and ties of
 * 8-bit types) with lower halves that make ties of the 16-bit types, their neighbors and random rests.
 */
function floatPatterns(): DenseTensor {
  const random = createRandom(1, 'float patterns');
  const lowHalves = [0, 1, 0x0fff, 0x1000, 0x1001, 0x3000, 0x7fff, 0x8000, 0x8001, 0xffff];
  const patterns = new Uint32Array(0x1_00_00 * (lowHalves.length + 1));
  let at = 0;
  for (let high = 0; high < 0x1_00_00; high++) {
    for (const low of lowHalves) patterns[at++] = high * 0x1_00_00 + low;
    patterns[at++] = high * 0x1_00_00 + random.integer(0x1_00_00);
  }
  return vector('float32', new Float32Array(patterns.buffer));
}

const everyFloat = floatPatterns();

describe('bits to numbers, as onnxruntime casts them to float32', () => {
  it.for(sixteenBit)('all 65,536 of %s', async (type) => {
    const all = vector(
      type,
      Uint16Array.from({ length: 0x1_00_00 }, (_, bits) => bits),
    );
    const theirs = await runCast(all, ['float32']);
    expect(firstDifference(numbersOf(all), theirs.data)).toBeNull();
    expect(firstDifference(castTensor(all, 'float32').data, theirs.data)).toBeNull();
  });

  it.for([...eightBit, 'float8e8m0'] as const)('all 256 of %s', async (type) => {
    const all = vector(
      type,
      Uint8Array.from({ length: 256 }, (_, bits) => bits),
    );
    expect(firstDifference(numbersOf(all), (await runCast(all, ['float32'])).data)).toBeNull();
  });
});

describe('float32 to bits, as onnxruntime casts it', () => {
  // Decoding is exact and proven above, so equal numbers are equal bits, but for what a NaN carries.
  it.for(small)('%s', async (type) => {
    const theirs = await runCast(everyFloat, [type, 'float32']);
    expect(firstDifference(numbersOf(castTensor(everyFloat, type)), theirs.data)).toBeNull();
  });

  it.for(eightBit)('%s without saturation', async (type) => {
    // Just above the largest number onnxruntime 1.30 gives that number or NaN where ONNX asks for NaN or infinity.
    const sound = (x: number): boolean => !(type === 'float8e4m3fn' ? inside(x, 480, 496) : inside(x, 61_440, 65_536));
    const some = vector('float32', Float32Array.from(numbersOf(everyFloat)).filter(sound));
    const theirs = await runCast(some, [type, 'float32'], false);
    const ours = castTensor(some, type, { saturate: false });
    expect(firstDifference(numbersOf(ours), theirs.data)).toBeNull();
  });

  it('the smallest numbers that are too large, by the table of Cast', () => {
    const cast = (type: DataType, x: number) =>
      castTensor(vector('float64', Float64Array.of(x, -x)), type, { saturate: false });
    // E4M3FN steps by 32 there and E5M2 by 8192: halves go to the even one.
    expect(cast('float8e4m3fn', 464).data).toEqual(Uint8Array.of(0x7e, 0xfe));
    expect(cast('float8e4m3fn', 464.01).data).toEqual(Uint8Array.of(0x7f, 0xff));
    expect(cast('float8e5m2', 61_439).data).toEqual(Uint8Array.of(0x7b, 0xfb));
    expect(cast('float8e5m2', 61_440).data).toEqual(Uint8Array.of(0x7c, 0xfc));
  });

  it.for([true, false])('float8e8m0, saturating: %s', async (saturate) => {
    const theirs = await runCast(everyFloat, ['float8e8m0', 'float32'], saturate);
    const ours = castTensor(everyFloat, 'float8e8m0', { saturate });
    expect(firstDifference(numbersOf(ours), theirs.data)).toBeNull();
  });
});

describe('between other floats, as onnxruntime casts them', () => {
  const random = createRandom(2, 'doubles');
  const doubles = vector(
    'float64',
    Float64Array.from([
      1 + 2 ** -11 + 2 ** -40,
      1 + 2 ** -8 + 2 ** -40,
      65519.999999999,
      2 ** -25 * (1 + 2 ** -40),
      1e300,
      -1e300,
      0,
      -0,
      NaN,
      Infinity,
      -Infinity,
      5e-324,
      2 ** -149,
      2 ** -150,
      3.4028235677973366e38,
      ...Array.from({ length: 20_000 }, () => (random.integer(2 ** 32) - 2 ** 31) * 2 ** (random.integer(120) - 90)),
    ]),
  );

  it.for([...small, 'float32', 'float8e8m0'] as const)('float64 to %s', async (type) => {
    const theirs = await runCast(doubles, [type, 'float32']);
    expect(firstDifference(numbersOf(castTensor(doubles, type)), theirs.data)).toBeNull();
  });

  it.for(small.flatMap((from) => small.filter((to) => to !== from).map((to) => [from, to] as const)))(
    '%s to %s',
    async ([from, to]) => {
      const patterns = { length: from.endsWith('float16') ? 0x1_00_00 : 256 };
      const all = from.endsWith('float16')
        ? vector(
            from,
            Uint16Array.from(patterns, (_, bits) => bits),
          )
        : vector(
            from,
            Uint8Array.from(patterns, (_, bits) => bits),
          );
      const theirs = await runCast(all, [to, 'float32']);
      expect(firstDifference(numbersOf(castTensor(all, to)), theirs.data)).toBeNull();
    },
  );
});

describe('float4e2m1, which onnxruntime does not cast', () => {
  // OCP Microscaling Formats 1.0, table 5; the low nibble comes first.
  const values = [0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6];
  const all: DenseTensor = {
    type: 'float4e2m1',
    dims: [16],
    data: Uint8Array.of(0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0xdc, 0xfe),
  };

  it('has sixteen numbers', () => {
    expect(Array.from(numbersOf(all))).toEqual(values);
    expect(castTensor(vector('float64', Float64Array.from(values)), 'float4e2m1')).toEqual(all);
  });

  it('rounds halves to even and saturates, by the table of the onnx document "Float stored in 4 bits"', () => {
    const given = [0.25, 0.75, 1.25, 1.75, 2.5, 3.5, 5, 5.01, 0.26, -0.25, 6.1, 1e30, Infinity, -Infinity, NaN];
    const wanted = [0, 1, 1, 2, 2, 4, 4, 6, 0.5, -0, 6, 6, 6, -6, 6];
    for (const type of ['float32', 'float64'] as const) {
      const source = castTensor(vector('float64', Float64Array.from(given)), type);
      expect(Array.from(numbersOf(castTensor(source, 'float4e2m1')))).toEqual(wanted);
    }
  });
});
