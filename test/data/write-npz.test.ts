import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, asyncProperty, boolean, constantFrom, integer, property, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNpy } from '../../src/data/npy.ts';
import { openNpz } from '../../src/data/npz.ts';
import { writeNpy } from '../../src/data/write-npy.ts';
import { writeNpz } from '../../src/data/write-npz.ts';
import { byteLengthOf } from '../../src/onnx/data-type.ts';
import { type DenseTensor, elementsFromBytes } from '../../src/onnx/dense-tensor.ts';
import { dataFolder } from './data-folder.ts';
import { golden } from './numpy-golden.ts';
import { errorOf } from './open-test-dataset.ts';
import { thrownBy } from './thrown-by.ts';

const bytesOf = (name: keyof typeof golden): Uint8Array => Uint8Array.from(Buffer.from(golden[name], 'base64'));
const types = [
  'float16',
  'float32',
  'float64',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
] as const;
const matrix: DenseTensor = { type: 'float32', dims: [2, 2], data: Float32Array.of(1.5, -2, 3, 4) };

describe('writeNpy', () => {
  it('writes the very bytes that NumPy writes', () => {
    expect(Uint8Array.from(writeNpy(matrix))).toEqual(bytesOf('f4Matrix'));
    const texts: DenseTensor = { type: 'string', dims: [3], data: ['hé', '😀b', ''] };
    expect(Uint8Array.from(writeNpy(texts))).toEqual(bytesOf('texts'));
  });

  it('is read back for every type and shape', () => {
    assert(
      property(
        constantFrom(...types),
        integer({ min: 0, max: 3 }),
        uint8Array({ maxLength: 64 }),
        (type, extra, raw) => {
          const itemBytes = byteLengthOf(type, 1);
          const count = Math.floor(raw.length / itemBytes);
          const data = elementsFromBytes(type, raw.subarray(0, count * itemBytes));
          const dims = [...Array.from({ length: extra }, () => 1), count];
          expect(decodeNpy(writeNpy({ type, dims, data }), 'x.npy')).toEqual({ type, dims, data });
        },
      ),
      { seed: 2 },
    );
    const flags: DenseTensor = { type: 'bool', dims: [3], data: Uint8Array.of(1, 0, 1) };
    expect(decodeNpy(writeNpy(flags), 'x.npy')).toEqual(flags);
    const one: DenseTensor = { type: 'int64', dims: [], data: BigInt64Array.of(-5n) };
    expect(decodeNpy(writeNpy(one), 'x.npy')).toEqual(one);
  });

  it('aligns the elements to 64 bytes, whatever the length of the shape', () => {
    for (let rank = 0; rank < 40; rank++) {
      const tensor: DenseTensor = {
        type: 'uint8',
        dims: Array.from({ length: rank }, () => 1),
        data: Uint8Array.of(7),
      };
      expect((writeNpy(tensor).length - 1) % 64).toBe(0);
    }
  });

  it('refuses types that numpy does not have', () => {
    const tensor: DenseTensor = { type: 'bfloat16', dims: [1], data: Uint16Array.of(0) };
    expect(thrownBy(() => writeNpy(tensor))).toBeInstanceOf(RangeError);
  });
});

describe('writeNpz', () => {
  const entries = {
    x: matrix,
    'ünï/code': { type: 'uint8', dims: [3000], data: new Uint8Array(3000).fill(9) },
    label: { type: 'int64', dims: [2], data: BigInt64Array.of(1n, -2n) },
  } as const;

  it('is read back, stored and deflated, narrow and zip64', async () => {
    const path = join(dataFolder({}), 'new/a.npz');
    await assert(
      asyncProperty(boolean(), constantFrom(0, 100, 500, 2 ** 32 - 1), async (compress, wideFrom) => {
        await writeNpz(path, entries, { compress, wideFrom });
        const archive = openNpz(path);
        expect(archive.names).toEqual(Object.keys(entries));
        for (const [name, tensor] of Object.entries(entries)) expect(archive.read(name)).toEqual(tensor);
      }),
      { seed: 3, numRuns: 16 },
    );
    await writeNpz(path, entries, { compress: true });
    expect(readFileSync(path).length).toBeLessThan(900);
    expect(readdirSync(join(path, '..'))).toEqual(['a.npz']);
  });

  it('writes the same bytes for the same arrays', async () => {
    const folder = dataFolder({});
    await writeNpz(join(folder, 'a.npz'), entries, { compress: true });
    await writeNpz(join(folder, 'b.npz'), entries, { compress: true });
    expect(readFileSync(join(folder, 'a.npz'))).toEqual(readFileSync(join(folder, 'b.npz')));
  });

  it('leaves nothing behind where it cannot write', async () => {
    const folder = dataFolder({ 'taken/x': new Uint8Array(1) });
    expect(await errorOf(writeNpz(join(folder, 'taken'), entries))).toMatchObject({ code: 'output-unwritable' });
    expect(readdirSync(folder)).toEqual(['taken']);
    const bad = { x: { type: 'bfloat16', dims: [1], data: Uint16Array.of(0) } } as const;
    await expect(writeNpz(join(folder, 'c.npz'), bad)).rejects.toThrow(RangeError);
    expect(existsSync(join(folder, 'c.npz'))).toBe(false);
  });
});
