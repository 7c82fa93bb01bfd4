import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRepository } from '../../src/runtime/git.ts';
import type { GitRepository } from '../../src/runtime/git.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { ScratchRepository } from './scratch-repository.ts';

const files = temporaryFolder();
afterAll(files.remove);

const at = (name: string) => join(files.folder, name);
const open = async (folder: string): Promise<GitRepository> => {
  const repository = await openRepository(folder);
  if (repository === null) throw new Error(`${folder} is in no repository`);
  return repository;
};

let scratch = new ScratchRepository(at('origin'));
let first = '';
let second = '';

beforeAll(() => {
  scratch.write('models/m.onnx', 'one');
  scratch.write('strange [name] ü.bin', Uint8Array.of(0, 255, 10, 13));
  first = scratch.commit();
  scratch.git('tag', 'v1');
  scratch.write('models/m.onnx', 'two');
  second = scratch.commit();
  scratch.git('branch', 'release');
});

describe('a repository', () => {
  it('is found from any folder in it, and in none outside', async () => {
    expect((await open(scratch.folder)).prefix).toBe('');
    expect((await open(join(scratch.folder, 'models'))).prefix).toBe('models/');
    mkdirSync(at('nowhere'));
    expect(await openRepository(at('nowhere'))).toBeNull();
    expect(await openRepository(at('not there'))).toBeNull();
  });

  it('knows commits by branch, tag, hash and expression', async () => {
    const repository = await open(scratch.folder);
    for (const name of ['main', 'release', 'HEAD', second, second.slice(0, 8)])
      expect(await repository.commitOf(name)).toBe(second);
    for (const name of ['v1', 'HEAD~1', first]) expect(await repository.commitOf(name)).toBe(first);
    for (const name of ['nope', '--all', '-h', 'HEAD~9', 'main..release', 'main:models/m.onnx'])
      expect(await repository.commitOf(name)).toBeNull();
    expect(await repository.refs()).toEqual(['main', 'release', 'v1']);
    expect(await repository.isShallow()).toBe(false);
  });

  it('reads files as they were, byte for byte', async () => {
    const repository = await open(join(scratch.folder, 'models'));
    const saved = async (commit: string, path: string) => {
      const file = await repository.find(commit, path);
      if (file === null) return null;
      await repository.save(file, at('saved'));
      return readFileSync(at('saved'));
    };
    expect(String(await saved(first, 'models/m.onnx'))).toBe('one');
    expect(String(await saved(second, 'models/m.onnx'))).toBe('two');
    // No pattern and no quoting: a name is a name.
    expect(await saved(second, 'strange [name] ü.bin')).toEqual(Buffer.from([0, 255, 10, 13]));
    expect(await saved(second, '*')).toBeNull();
    expect(await saved(second, 'm.onnx')).toBeNull();
    expect(await repository.find(second, 'models')).toMatchObject({ kind: 'folder' });
    expect(await repository.pathsEnding(second, '.onnx')).toEqual(['models/m.onnx']);
  });

  it('tells what differs from what is committed', async () => {
    const repository = await open(scratch.folder);
    const model = join(scratch.folder, 'models', 'm.onnx');
    const other = scratch.write('models/new.onnx', 'new');
    expect(await repository.isDirty([model])).toBe(false);
    expect(await repository.isDirty([model, other])).toBe(true);
    expect([await repository.isTracked(model), await repository.isTracked(other)]).toEqual([true, false]);
    scratch.write('models/m.onnx', 'three');
    expect(await repository.isDirty([model])).toBe(true);
    scratch.git('add', 'models/m.onnx');
    expect(await repository.isDirty([model])).toBe(true);
    scratch.git('reset', '--quiet', '--hard');
    expect(await repository.isDirty([model])).toBe(false);
  });
});

describe('a clone', () => {
  it('has branches of its origin by their own names', async () => {
    const clone = new ScratchRepository(at('clone'));
    clone.git('remote', 'add', 'origin', scratch.folder);
    clone.git('fetch', '--quiet', 'origin');
    const repository = await open(clone.folder);
    expect(await repository.commitOf('release')).toBe(second);
    expect(await repository.commitOf('HEAD')).toBeNull();
  });

  it('says that it is shallow', async () => {
    scratch.git('clone', '--quiet', '--depth=1', `file://${scratch.folder}`, at('shallow'));
    const repository = await open(at('shallow'));
    expect(await repository.isShallow()).toBe(true);
    expect(await repository.commitOf('HEAD')).toBe(second);
    expect(await repository.commitOf('HEAD~1')).toBeNull();
  });
});
