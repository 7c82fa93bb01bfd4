import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { OpenFile } from '../../src/data/open-file.ts';
import { temporaryFolder } from '../models/temporary-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
const path = join(files.folder, 'data');
writeFileSync(path, 'abc');

/** Long enough for what went to other threads before it. */
async function settle() {
  for (let turn = 0; turn < 20; turn++) await Promise.all(Array.from({ length: 8 }, () => stat(path)));
}

it('is closed once: by the second time its number is another file’s', async () => {
  const file = new OpenFile(path);
  file.close();
  await settle();
  // The lowest numbers that are free are given out: one of these is the file's.
  const others = Array.from({ length: 8 }, () => openSync(path, 'r'));
  file.close();
  await settle();
  const read = (other: number) => readSync(other, new Uint8Array(3), 0, 3, 0);
  expect(others.map(read)).toEqual(others.map(() => 3));
  others.forEach((other) => closeSync(other));
});
