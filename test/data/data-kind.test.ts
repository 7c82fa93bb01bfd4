import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataKindOf } from '../../src/data/data-kind.ts';
import { OpenFile } from '../../src/data/open-file.ts';
import { dataFolder } from './data-folder.ts';
import { thrownBy } from './thrown-by.ts';

describe('dataKindOf', () => {
  it('takes a folder for a folder, whatever its name, and leaves out what is hidden', () => {
    const path = dataFolder({ 'd.npz/x.npy': new Uint8Array(), 'd.npz/._x.npy': new Uint8Array() });
    expect(dataKindOf(join(path, 'd.npz'), '')).toEqual({ kind: 'npy folder', names: ['x'] });
    mkdirSync(join(path, 'e.jsonl'));
    expect(thrownBy(() => dataKindOf(join(path, 'e.jsonl'), ''))).toMatchObject({ code: 'data-missing' });
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe', () => {
    const path = dataFolder({});
    for (const name of ['p.npz', 'p.jsonl', 'x.npy']) execFileSync('mkfifo', [join(path, name)]);
    expect(thrownBy(() => dataKindOf(join(path, 'p.npz'), ''))).toMatchObject({ code: 'data-unsupported' });
    expect(thrownBy(() => dataKindOf(join(path, 'p.jsonl'), ''))).toMatchObject({ code: 'data-unsupported' });
    expect(thrownBy(() => new OpenFile(join(path, 'x.npy')))).toMatchObject({ code: 'data-unsupported' });
  });
});
