import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileElements } from '../../../src/onnx/file/file-elements.ts';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import { temporaryFolder } from '../../models/temporary-models.ts';
import { findingOf } from './finding-of.ts';
import { block, initializer, modelOf, number } from './wire-bytes.ts';

let files = temporaryFolder();
beforeEach(() => {
  files = temporaryFolder();
});
afterEach(() => files.remove());

type Keys = Readonly<Record<string, string>>;

const data = Uint8Array.from({ length: 64 }, (_, index) => index);
const external = (name: string, keys: Keys) =>
  initializer(
    name,
    { type: 2, dims: [16] },
    ...Object.entries(keys).map(([key, value]) => block(13, block(1, key), block(2, value))),
    number(14, 1),
  );
/** A model of one uint8 tensor of 16 elements in a data file. */
const modelWith = (keys: Keys) => modelOf(external('w', keys));

function write(path: string, content: Uint8Array): string {
  const full = join(files.folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

function bytesOf(path: string): Uint8Array | undefined {
  const { model, close } = openModel(path);
  try {
    const [value] = model.graph.initializers;
    return value?.constant?.bytes();
  } finally {
    close();
  }
}

const problemOf = (path: string) => findingOf(() => bytesOf(path));
const refused = (problem: RegExp) => ({
  code: 'model-external-data',
  details: { tensor: 'w', problem: expect.stringMatching(problem) },
});

describe('a data file beside the model', () => {
  it.each<[string, Keys, number]>([
    ['from its start', { location: 'w.bin' }, 0],
    ['from an offset', { location: 'w.bin', offset: '7', length: '16' }, 7],
    ['to its end', { location: 'w.bin', offset: '48' }, 48],
    ['in a folder below', { location: 'deep/w.bin', offset: '1' }, 1],
    ['with a dot', { location: './w.bin', offset: '2' }, 2],
    ['with a base path, which means nothing', { location: 'w.bin', basepath: '/etc' }, 0],
    ['with the notes of onnxruntime on packed copies', { location: 'w.bin', prepacked_0: 'packed|16;16' }, 0],
  ])('is read %s', (_, keys, start) => {
    write('w.bin', data);
    write('deep/w.bin', data);
    expect(bytesOf(write('m.onnx', modelWith(keys)))).toEqual(data.slice(start, start + 16));
  });

  it('is told with its size and where it really is', () => {
    const path = write('w.bin', data);
    const content = modelOf(external('a', { location: 'w.bin' }), external('b', { location: 'w.bin', offset: '16' }));
    const { externalFiles, model, close } = openModel(write('m.onnx', content));
    expect(externalFiles).toEqual([{ location: 'w.bin', path, sizeBytes: 64 }]);
    const elements = [...model.graph.initializers].map(({ tensor }) => {
      if (tensor?.kind !== 'dense' || tensor.storage.kind !== 'stored') return null;
      return tensor.storage.elements instanceof FileElements ? tensor.storage.elements.external : null;
    });
    expect(elements.map((place) => place?.offset)).toEqual([0, 16]);
    close();
  });

  it('is one file, however it is spelled', () => {
    const path = write('w.bin', data);
    const spellings = ['w.bin', './w.bin', './/w.bin'].map((location, index) => external(`w${index}`, { location }));
    const { externalFiles, close } = openModel(write('m.onnx', modelOf(...spellings)));
    expect(externalFiles).toEqual([{ location: 'w.bin', path, sizeBytes: 64 }]);
    close();
  });

  it('is not looked for from memory, unless the model has a path', () => {
    write('w.bin', data);
    const content = modelWith({ location: 'w.bin' });
    expect(findingOf(() => readModelBytes(content))).toMatchObject(refused(/in memory/));
    const [value] = readModelBytes(content, join(files.folder, 'm.onnx')).graph.initializers;
    expect(value?.constant?.bytes()).toEqual(data.slice(0, 16));
  });

  it('may be one of hundreds', () => {
    const names = Array.from({ length: 300 }, (_, index) => `w${index}`);
    for (const [index, name] of names.entries()) write(`${name}.bin`, new Uint8Array(16).fill(index));
    const path = write('m.onnx', modelOf(...names.map((name) => external(name, { location: `${name}.bin` }))));
    const { model, close } = openModel(path);
    const firsts = [...model.graph.initializers].map((value) => value.constant?.bytes()[0]);
    expect(firsts).toEqual(names.map((_, index) => index % 256));
    close();
    expect(findingOf(() => [...model.graph.initializers][0]?.constant?.bytes())?.code).toBe('model-external-data');
  });
});

describe('a location that could lead out', () => {
  it.each<[string, RegExp]>([
    ['', /empty/],
    ['../w.bin', /'\.\.'/],
    ['deep/../../w.bin', /'\.\.'/],
    ['deep/../w.bin', /'\.\.'/],
    ['/etc/hostname', /absolute/],
    ['//server/share/w.bin', /absolute/],
    ['C:/w.bin', /absolute/],
    ['C:w.bin', /absolute/],
    ['..\\w.bin', /backslash/],
    ['\\\\server\\w.bin', /backslash/],
    ['w.bin\0.txt', /NUL/],
    ['nowhere.bin', /no such file/],
    ['m.onnx/w.bin', /no such file/],
    ['.', /link leads out|no regular file/],
    ['deep', /no regular file/],
  ])('%j', (location, problem) => {
    write('deep/w.bin', data);
    write('w.bin', data);
    expect(problemOf(write('m.onnx', modelWith({ location })))).toMatchObject(refused(problem));
  });

  it('a link out of the folder, at the end or on the way', () => {
    const secret = write('outside/secret.bin', data);
    const path = write('inside/m.onnx', modelWith({ location: 'w.bin' }));
    symlinkSync(secret, join(files.folder, 'inside/w.bin'));
    expect(problemOf(path)).toMatchObject(refused(/leads out/));
    symlinkSync(join(files.folder, 'outside'), join(files.folder, 'inside/way'));
    writeFileSync(path, modelWith({ location: 'way/secret.bin' }));
    expect(problemOf(path)).toMatchObject(refused(/leads out/));
  });

  it('a hard link, which nobody can tell from another file', () => {
    const secret = write('outside/secret.bin', data);
    const path = write('inside/m.onnx', modelWith({ location: 'w.bin' }));
    linkSync(secret, join(files.folder, 'inside/w.bin'));
    expect(problemOf(path)).toMatchObject(refused(/hard link.*copy/));
  });

  it('but links inside the folder are fine, and so is a folder that is a link', () => {
    write('inside/real/w.bin', data);
    symlinkSync('real/w.bin', join(files.folder, 'inside/w.bin'));
    write('inside/m.onnx', modelWith({ location: 'w.bin' }));
    symlinkSync(join(files.folder, 'inside'), join(files.folder, 'alias'));
    expect(bytesOf(join(files.folder, 'inside/m.onnx'))).toEqual(data.slice(0, 16));
    expect(bytesOf(join(files.folder, 'alias/m.onnx'))).toEqual(data.slice(0, 16));
  });

  it('Hugging Face keeps links to blobs: model and data lead into one folder', () => {
    write('blobs/1111', modelWith({ location: 'w.bin' }));
    write('blobs/2222', data);
    write('elsewhere/3333', data);
    const snapshot = join(files.folder, 'snapshots/abc');
    mkdirSync(snapshot, { recursive: true });
    symlinkSync('../../blobs/1111', join(snapshot, 'm.onnx'));
    symlinkSync('../../blobs/2222', join(snapshot, 'w.bin'));
    expect(bytesOf(join(snapshot, 'm.onnx'))).toEqual(data.slice(0, 16));
    rmSync(join(snapshot, 'w.bin'));
    symlinkSync('../../elsewhere/3333', join(snapshot, 'w.bin'));
    expect(problemOf(join(snapshot, 'm.onnx'))).toMatchObject(refused(/leads out/));
  });
});

describe('keys', () => {
  it.each<[string, Keys, RegExp]>([
    ['an unknown one', { location: 'w.bin', shell: 'rm' }, /'shell'/],
    ['a length of another shape', { location: 'w.bin', length: '15' }, /15 bytes.*ask for 16/],
    ['an offset beyond the end', { location: 'w.bin', offset: '49' }, /64 bytes, 1 too few/],
    ['a negative offset', { location: 'w.bin', offset: '-1' }, /no number/],
    ['an offset that overflows', { location: 'w.bin', offset: '99999999999999999999' }, /no number/],
    ['an offset in hex', { location: 'w.bin', offset: '0x10' }, /no number/],
    ['a checksum that is none', { location: 'w.bin', checksum: 'abc' }, /no SHA-1/],
    ['no location', { offset: '0' }, /empty/],
  ])('%s', (_, keys, problem) => {
    write('w.bin', data);
    expect(problemOf(write('m.onnx', modelWith(keys)))).toMatchObject(refused(problem));
  });

  it('given twice, or of a tensor that has elements too, or of strings', () => {
    write('w.bin', data);
    const location = block(13, block(1, 'location'), block(2, 'w.bin'));
    const tensor = (type: number, ...more: Uint8Array[]) =>
      write('m.onnx', modelOf(initializer('w', { type, dims: [16] }, location, number(14, 1), ...more)));
    expect(problemOf(tensor(2, location))).toMatchObject(refused(/twice/));
    expect(problemOf(tensor(2, block(9, data.slice(0, 16))))).toMatchObject({ code: 'model-invalid' });
    expect(problemOf(tensor(8))).toMatchObject({ code: 'model-invalid' });
  });
});

describe('what was found first', () => {
  it('is compared with its checksum when it is first read', () => {
    write('w.bin', data);
    const sha1 = createHash('sha1').update(data).digest('hex');
    expect(bytesOf(write('m.onnx', modelWith({ location: 'w.bin', checksum: sha1.toUpperCase() })))).toHaveLength(16);
    const wrong = write('m.onnx', modelWith({ location: 'w.bin', checksum: '0'.repeat(40) }));
    openModel(wrong).close();
    expect(problemOf(wrong)).toMatchObject(refused(new RegExp(sha1)));
  });

  it.each<[string, (path: string) => void]>([
    ['replaced', (path) => renameSync(write('other.bin', data), path)],
    ['replaced by a link', (path) => (rmSync(path), symlinkSync(write('other.bin', data), path))],
    ['cut', (path) => truncateSync(path, 3)],
    ['removed', (path) => rmSync(path)],
  ])('is not read when it was %s since', (_, change) => {
    const path = write('w.bin', data);
    const { model, close } = openModel(write('m.onnx', modelWith({ location: 'w.bin' })));
    change(path);
    const [value] = model.graph.initializers;
    expect(findingOf(() => value?.constant?.bytes())?.code).toBe('model-external-data');
    close();
  });
});
