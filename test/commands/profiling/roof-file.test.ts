import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, roofFile } from '../../../src/commands/profiling/roof-file.ts';

describe('cacheFolder', () => {
  it.each([
    ['linux', {}, '/home/me/.cache/infer'],
    ['linux', { XDG_CACHE_HOME: '/caches' }, '/caches/infer'],
    ['linux', { XDG_CACHE_HOME: 'relative' }, '/home/me/.cache/infer'],
    ['linux', { XDG_CACHE_HOME: '' }, '/home/me/.cache/infer'],
    ['darwin', {}, '/home/me/Library/Caches/infer'],
    ['darwin', { XDG_CACHE_HOME: '/caches' }, '/caches/infer'],
    ['win32', { LOCALAPPDATA: '/local' }, '/local/infer/cache'],
    ['win32', {}, '/home/me/AppData/Local/infer/cache'],
  ] as const)('on %s with %o is %s', (platform, env, folder) => {
    expect(cacheFolder({ platform, home: '/home/me', env })).toBe(folder);
  });
});

describe('roofFile', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'infer-roof-file-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const storeIn = (caches: string) => roofFile({ platform: 'linux', home: '/', env: { XDG_CACHE_HOME: caches } });

  it('makes its folder and gives back what it was given', () => {
    const store = storeIn(join(folder, 'caches'));
    expect(store.read()).toBeNull();
    store.write('one');
    store.write('two');
    expect(store.read()).toBe('two');
    expect(readFileSync(join(folder, 'caches/infer/roofs.json'), 'utf8')).toBe('two');
  });

  it('goes without where it cannot be written', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const store = storeIn(file);
    store.write('one');
    expect(store.read()).toBeNull();
    expect(existsSync(join(file, 'infer'))).toBe(false);
  });
});
