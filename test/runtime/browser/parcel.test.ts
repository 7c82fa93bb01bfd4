import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packParcel, unpackParcel } from '../../../src/runtime/browser/parcel.ts';

const numbers = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(Infinity, -Infinity, Number.NaN));
const arrays = fc.oneof(
  fc.float32Array(),
  fc.float64Array(),
  fc.int8Array(),
  fc.uint8Array(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.bigInt64Array(),
  fc.bigUint64Array(),
);
const { message } = fc.letrec<{ message: unknown }>((tie) => ({
  message: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'grapheme' }),
    numbers,
    fc.boolean(),
    fc.constant(null),
    arrays,
    fc.array(tie('message')),
    fc.dictionary(fc.string(), tie('message'), { noNullPrototype: true }),
  ),
}));

describe('a parcel', () => {
  it('holds what was put in, bit for bit', () => {
    fc.assert(
      // JSON knows one zero, which times and counts can live with; in arrays both are kept.
      fc.property(message, (sent) => {
        expect(withoutNegativeZero(unpackParcel(packParcel(sent)))).toEqual(withoutNegativeZero(sent));
      }),
    );
  });

  it('keeps the parts of a larger buffer apart', () => {
    const whole = Float32Array.of(1, 2, 3, 4);
    const sent = {
      first: whole.subarray(0, 1),
      rest: whole.subarray(1),
      odd: Uint8Array.of(7),
      after: Float64Array.of(8),
    };
    expect(unpackParcel(packParcel(sent))).toEqual(sent);
  });

  it('takes an input whose name is its own word for a tensor', () => {
    const tensor = { type: 'float32', dims: [1], data: Float32Array.of(1) };
    const sent = { parcelArray: tensor, parcelNumber: tensor };
    expect(unpackParcel(packParcel(sent))).toEqual(sent);
  });

  it('refuses what onnxruntime has no array of', () => {
    expect(() => packParcel(new DataView(new ArrayBuffer(4)))).toThrow('DataView');
  });
});

function withoutNegativeZero(value: unknown): unknown {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(withoutNegativeZero);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutNegativeZero(item)]));
}
