import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { identifyModel } from '../../src/commands/identify-model.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { block, initializer, modelOf, number } from '../onnx/file/wire-bytes.ts';

const files = temporaryFolder();
afterAll(files.remove);

const external = (name: string, location: string) =>
  initializer(name, { type: 2, dims: [4] }, block(13, block(1, 'location'), block(2, location)), number(14, 1));
const content = modelOf(external('a', 'a.bin'), external('b', 'b.bin'), external('c', './a.bin'));
const data = { 'a.bin': Uint8Array.of(1, 2, 3, 4), 'b.bin': Uint8Array.of(5, 6, 7, 8) };

function plainFolder(): string {
  const folder = join(files.folder, 'plain');
  mkdirSync(folder);
  for (const [name, bytes] of Object.entries({ ...data, 'm.onnx': content })) writeFileSync(join(folder, name), bytes);
  return join(folder, 'm.onnx');
}

/** As Hugging Face caches it: links to blobs whose names are in another order. */
function cache(): string {
  for (const folder of ['blobs', 'snapshot']) mkdirSync(join(files.folder, folder));
  const blobs = { 'm.onnx': ['1', content], 'a.bin': ['3', data['a.bin']], 'b.bin': ['2', data['b.bin']] } as const;
  for (const [name, [blob, bytes]] of Object.entries(blobs)) {
    writeFileSync(join(files.folder, 'blobs', blob), bytes);
    symlinkSync(join('..', 'blobs', blob), join(files.folder, 'snapshot', name));
  }
  return join(files.folder, 'snapshot', 'm.onnx');
}

describe('identifyModel', () => {
  it('counts each data file once, and gives a model the same hash wherever its files are kept', async () => {
    const plain = await identifyModel(plainFolder());
    const cached = await identifyModel(cache());
    expect(plain.sizeBytes).toBe(content.length + 8);
    expect(cached).toEqual({ ...plain, path: cached.path });
  });
});
