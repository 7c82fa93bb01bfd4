import { assert, constantFrom, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNpz } from '../../src/data/npz.ts';
import { DataError } from '../../src/errors.ts';
import { buildNpy } from './build-npy.ts';
import { buildZip, bytesSource, type EntryToWrite } from './build-zip.ts';
import { findingOf } from './finding-of.ts';
import { golden } from './numpy-golden.ts';
import { thrownBy } from './thrown-by.ts';

const open = (bytes: Uint8Array) => readNpz(bytesSource(bytes), 'a.npz');
const bytesOf = (name: keyof typeof golden): Uint8Array => Buffer.from(golden[name], 'base64');
const array = buildNpy('<f4', [3], Float32Array.of(1, 2, 3));
const tensor = { type: 'float32', dims: [3], data: Float32Array.of(1, 2, 3) };
const failure = (entry: Partial<EntryToWrite>) =>
  findingOf(() => open(buildZip([{ name: 'x.npy', data: array, ...entry }])).read('x'));

describe('readNpz reads', () => {
  it('what numpy.savez wrote', () => {
    const archive = open(bytesOf('npzStored'));
    expect(archive.names).toEqual(['x', 'label']);
    expect(archive.read('x')).toEqual({ type: 'float32', dims: [2, 2], data: Float32Array.of(0, 1, 2, 3) });
    expect(archive.read('label').data).toEqual(BigInt64Array.of(1n, 0n));
  });

  it('what numpy.savez_compressed wrote, near the best that deflate can do', () => {
    expect(open(bytesOf('npzDeflated')).read('x').data).toEqual(new Int32Array(3000).fill(1));
  });

  it('an archive written to a stream, whose local headers know no sizes', () => {
    expect(open(bytesOf('npzStreamed')).read('a').data).toEqual(Uint8Array.of(7, 8, 9));
  });

  it('zip64 records, stored and deflated', () => {
    const entries = [
      { name: 'x.npy', data: array },
      { name: 'dir/y.npy', data: array, deflate: true },
      { name: 'readme.txt', data: new Uint8Array(3) },
    ];
    for (const zip64 of [false, true]) {
      const archive = open(buildZip(entries, zip64));
      expect(archive.names).toEqual(['x', 'dir/y']);
      expect(archive.read('x')).toEqual(tensor);
      expect(archive.read('dir/y')).toEqual(tensor);
    }
  });
});

describe('readNpz refuses', () => {
  it('encrypted entries and other methods', () => {
    expect(failure({ flags: 1 })).toMatchObject({
      code: 'data-unsupported',
      details: { problem: 'x.npy is encrypted' },
    });
    expect(failure({ method: 14 })).toMatchObject({ code: 'data-unsupported', details: { path: 'a.npz' } });
  });

  it('a wrong checksum', () => {
    expect(failure({ crc: 1 })).toMatchObject({ code: 'data-malformed', details: { offset: 35 } });
  });

  it('an entry that unpacks to more or less than its directory says', () => {
    expect(failure({ deflate: true, saysBytes: array.length - 1 }).code).toBe('data-malformed');
    expect(failure({ deflate: true, saysBytes: array.length + 1 }).code).toBe('data-malformed');
    expect(failure({ saysBytes: array.length - 1 }).code).toBe('data-malformed');
  });

  it('a bomb, before any of it is unpacked', () => {
    // 3 MiB of zeros in about 3 KiB, of which the directory admits 100 bytes.
    const zeros = new Uint8Array(3 * 2 ** 20);
    expect(failure({ data: zeros, deflate: true, saysBytes: 100 }).code).toBe('data-malformed');
    expect(failure({ data: zeros, deflate: true, saysBytes: 2 ** 32 - 2 }).code).toBe('data-unsupported');
    expect(failure({ deflate: true, saysBytes: 2 ** 30 })).toMatchObject({
      code: 'data-malformed',
      details: { problem: expect.stringMatching(/which cannot be/) },
    });
  });

  it('entries that share their bytes, as in the bomb of Fifield (2019)', () => {
    const bytes = buildZip([{ name: 'x.npy', data: new Uint8Array(1000) }]);
    // The same directory record three times.
    const record = bytes.subarray(1035, 1035 + 51);
    const end = Uint8Array.from(bytes.subarray(1035 + 51));
    end[8] = end[10] = 3;
    end[12] = 51 * 3;
    const bomb = Buffer.concat([bytes.subarray(0, 1035), record, record, record, end]);
    expect(findingOf(() => open(bomb)).details).toMatchObject({
      problem: expect.stringMatching(/more bytes than the file/),
    });
  });

  it('two arrays of one name', () => {
    const entry = { name: 'x.npy', data: array };
    expect(findingOf(() => open(buildZip([entry, entry]))).code).toBe('data-malformed');
  });

  it('an archive cut at any byte', () => {
    const whole = buildZip([{ name: 'x.npy', data: array, deflate: true }], true);
    for (let end = 0; end < whole.length; end++) {
      expect(() => open(whole.subarray(0, end)).read('x'), `cut at ${end}`).toThrow(DataError);
    }
  });

  it('any damage, with no other error than its own', () => {
    const archives = [
      bytesOf('npzStored'),
      bytesOf('npzDeflated'),
      bytesOf('npzStreamed'),
      buildZip([{ name: 'x.npy', data: array, deflate: true }], true),
    ];
    assert(
      property(constantFrom(...archives), nat(), nat(255), (archive, at, byte) => {
        const bytes = Uint8Array.from(archive);
        bytes[at % bytes.length] = byte;
        const error = thrownBy(() => {
          const { names, read } = open(bytes);
          for (const name of names) read(name);
        });
        expect(error === null || error instanceof DataError).toBe(true);
      }),
      { numRuns: 3000, seed: 4 },
    );
  });
});
