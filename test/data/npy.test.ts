import { assert, constantFrom, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNpy } from '../../src/data/npy.ts';
import { DataError } from '../../src/errors.ts';
import { buildNpy } from './build-npy.ts';
import { findingOf } from './finding-of.ts';
import { golden } from './numpy-golden.ts';
import { thrownBy } from './thrown-by.ts';

const bytesOf = (name: keyof typeof golden): Uint8Array => Buffer.from(golden[name], 'base64');

describe('decodeNpy reads what NumPy wrote', () => {
  it.for([
    ['f4', 'float32', [2, 3], Float32Array.of(1, 2.5, -3, 4, 5, 6)],
    // arange(6) in shape (1, 2, 3), stored column by column and big-endian.
    ['bigI2Fortran', 'int16', [1, 2, 3], Int16Array.of(0, 1, 2, 3, 4, 5)],
    ['i8F', 'int64', [2, 3, 2], BigInt64Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], BigInt)],
    ['f2v2', 'float16', [4], Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001)],
    ['bool0d', 'bool', [], Uint8Array.of(1)],
    ['bigU', 'string', [3], ['hé', '😀bc', '']],
  ] as const)('%s', ([file, type, dims, data]) => {
    expect(decodeNpy(bytesOf(file), 'x.npy')).toEqual({ type, dims, data });
  });

  it('of every numeric type', () => {
    const types = [
      ['|i1', 'int8', Int8Array.of(-1, 2)],
      ['|u1', 'uint8', Uint8Array.of(255, 2)],
      ['<u2', 'uint16', Uint16Array.of(65535, 2)],
      ['<i4', 'int32', Int32Array.of(-7, 2)],
      ['<u4', 'uint32', Uint32Array.of(4294967295, 2)],
      ['<u8', 'uint64', BigUint64Array.of(2n ** 64n - 1n, 2n)],
      ['<f8', 'float64', Float64Array.of(0.1, 2)],
    ] as const;
    for (const [descr, type, data] of types) {
      expect(decodeNpy(buildNpy(descr, [2], data), 'x.npy')).toEqual({ type, dims: [2], data });
    }
  });

  it('when it lies at an odd offset of a larger buffer', () => {
    const bytes = Buffer.concat([Buffer.from([0]), bytesOf('f4')]).subarray(1);
    expect(decodeNpy(bytes, 'x.npy').data).toEqual(Float32Array.of(1, 2.5, -3, 4, 5, 6));
  });

  it('with no elements', () => {
    expect(decodeNpy(buildNpy('<f4', [0, 3], new Float32Array()), 'x.npy')).toMatchObject({ dims: [0, 3] });
  });
});

describe('decodeNpy refuses', () => {
  it('another file', () => {
    const details = { path: 'x.npy', offset: 1, problem: expect.any(String) };
    expect(findingOf(() => decodeNpy(Buffer.from('\u0093PK', 'latin1'), 'x.npy'))).toEqual({
      code: 'data-malformed',
      details,
    });
  });

  it('complex numbers and objects', () => {
    expect(findingOf(() => decodeNpy(bytesOf('c8'), 'x.npy')).code).toBe('data-unsupported');
    expect(findingOf(() => decodeNpy(buildNpy('|O', [1], new Uint8Array(8)), 'x.npy')).code).toBe('data-unsupported');
  });

  it('too few and too many bytes, at the byte where they end or should', () => {
    const short = buildNpy('<f4', [3], new Float32Array(2));
    expect(findingOf(() => decodeNpy(short, 'x.npy')).details).toMatchObject({ offset: 128 + 8 });
    const long = buildNpy('<f4', [1], new Float32Array(2));
    expect(findingOf(() => decodeNpy(long, 'x.npy')).details).toMatchObject({ offset: 128 + 4 });
  });

  it('a shape whose size no number holds', () => {
    const bytes = buildNpy('<f4', [1e14, 1e14], new Float32Array(2));
    expect(findingOf(() => decodeNpy(bytes, 'x.npy')).code).toBe('data-malformed');
  });

  it('a file cut at any byte', () => {
    const whole = bytesOf('i8F');
    for (let end = 0; end < whole.length; end++) {
      expect(() => decodeNpy(whole.subarray(0, end), 'x.npy')).toThrow(DataError);
    }
  });

  it('any damage, with no other error than its own', () => {
    const names = ['f4', 'bigI2Fortran', 'f2v2', 'bool0d', 'bigU', 'i8F', 'c8'] as const;
    assert(
      property(constantFrom(...names), nat(), nat(255), (name, at, byte) => {
        const bytes = Uint8Array.from(bytesOf(name));
        bytes[at % bytes.length] = byte;
        const error = thrownBy(() => decodeNpy(bytes, 'x.npy'));
        expect(error === null || error instanceof DataError).toBe(true);
      }),
      { numRuns: 2000, seed: 3 },
    );
  });
});
