import { describe, expect, it } from 'vitest';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { castTensor } from '../../../src/onnx/tensor-types/cast-tensor.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';
import { float16Tensor } from '../../../src/quantize/float16/float16-tensor.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';

const tensorOf = (values: readonly number[] | Float32Array) =>
  Tensor.fromDense({ type: 'float32', dims: [values.length], data: Float32Array.from(values) });

describe('float16Tensor', () => {
  it('keeps zeros, infinities and NaN, and moves the rest into the range', () => {
    const source = [0, -0, 1, 65_504, 65_505, -3.4e38, Infinity, -Infinity, 1e-9, -1e-30, 2 ** -24, Number.NaN];
    const { tensor, clamped } = float16Tensor(tensorOf(source));
    const tiny = 2 ** -24;
    const expected = [0, -0, 1, 65_504, 65_504, -65_504, Infinity, -Infinity, tiny, -tiny, tiny, Number.NaN];
    expect([...numbersOf(tensor)]).toEqual(expected);
    expect(clamped).toEqual({ tooLarge: 2, tooSmall: 2 });
  });

  it('converts 1 MiB and more while saving, as Cast does', () => {
    const random = createRandom(1, 'weights');
    const source = tensorOf(Float32Array.from({ length: 2 ** 18 + 5 }, () => random.next() * 8 - 4));
    const { tensor } = float16Tensor(source);
    const cast = Tensor.fromDense(castTensor(source, 'float16'));
    expect(tensor.storage.kind).toBe('derived');
    // Twice: it is produced anew for every save.
    for (const bytes of [tensor.bytes(), tensor.bytes()]) expect(Buffer.compare(bytes, cast.bytes())).toBe(0);
    expect(float16Tensor(tensorOf([1])).tensor.storage.kind).toBe('inline');
  });
});
