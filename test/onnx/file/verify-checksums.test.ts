import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import { verifyChecksums } from '../../../src/onnx/file/verify-checksums.ts';
import { temporaryFolder } from '../../models/temporary-models.ts';
import { findingOf } from './finding-of.ts';
import { block, initializer, modelOf, number } from './wire-bytes.ts';

let files = temporaryFolder();
beforeEach(() => {
  files = temporaryFolder();
});
afterEach(() => files.remove());

const data = Uint8Array.from({ length: 64 }, (_, index) => index);
const sha1 = createHash('sha1').update(data).digest('hex');

const tensor = (name: string, keys: Readonly<Record<string, string>>) =>
  initializer(
    name,
    { type: 2, dims: [16] },
    ...Object.entries(keys).map(([key, value]) => block(13, block(1, key), block(2, value))),
    number(14, 1),
  );

function verified(...tensors: readonly Uint8Array[]): number {
  writeFileSync(join(files.folder, 'a.data'), data);
  writeFileSync(join(files.folder, 'b.data'), data);
  const opened = openModel(files.write('m.onnx', modelOf(...tensors)));
  try {
    return verifyChecksums(opened.model);
  } finally {
    opened.close();
  }
}

it('counts data files with a checksum, each once', () => {
  const checksum = sha1;
  expect(verified(tensor('u', { location: 'a.data' }))).toBe(0);
  expect(
    verified(
      tensor('u', { location: 'a.data', checksum }),
      tensor('v', { location: 'a.data', offset: '16', length: '16', checksum }),
      tensor('w', { location: 'b.data', checksum }),
    ),
  ).toBe(2);
});

it('refuses a data file that has changed', () => {
  const checksum = sha1.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
  expect(findingOf(() => verified(tensor('w', { location: 'a.data', checksum })))).toMatchObject({
    code: 'model-external-data',
    details: { location: 'a.data', problem: `its SHA-1 is ${sha1}, the model says ${checksum}` },
  });
});
