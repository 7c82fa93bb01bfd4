import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/errors.ts';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import type { RunnableFile } from '../../../src/onnx/file/runnable-file.ts';
import { runnableModel, writeRunnable } from '../../../src/onnx/file/runnable-model.ts';
import type { Workplace } from '../../../src/onnx/file/workplace.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { convert, touch } from './convert.ts';
import { npmModels, runModelFile } from './run-model-file.ts';

const cls = npmModels['cls'] ?? { path: '', input: '', dims: [] };
const always = { largestBytes: 1000 };

let folder = '';
let cleanups: Set<() => void>;
let workplace: Workplace;
const at = (...names: readonly string[]) => join(folder, ...names);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infer-test-'));
  mkdirSync(at('temporary'));
  mkdirSync(at('home'));
  cleanups = new Set();
  workplace = {
    owner: '1-test',
    isGone: (owner) => owner === '2-test',
    temporaryFolder: at('temporary'),
    onExit: (cleanup) => {
      cleanups.add(cleanup);
      return () => cleanups.delete(cleanup);
    },
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Takes every name that a skeleton could have in a folder: for root, no folder is read-only. */
function fillNames(path: string): readonly string[] {
  const names = Array.from({ length: 1001 }, (_, index) => `.infer-${workplace.owner}-${index}.onnx`);
  for (const name of names) writeFileSync(join(path, name), '');
  return names;
}

async function writeEdited(path: string, options: { readonly near?: string; readonly wholeBytes?: number } = {}) {
  const opened = openModel(path);
  touch(opened.model);
  const { near = null, wholeBytes = 1000 } = options;
  const runnable = await writeRunnable(opened.model, { workplace, near, wholeBytes });
  opened.close();
  return runnable;
}

async function expectSameOutputs({ path }: RunnableFile) {
  expect(await runModelFile(path, cls)).toEqual(await runModelFile(cls.path, cls));
}

describe('runnableModel', () => {
  it('is the model itself while that is small enough', async () => {
    expect((await runnableModel(cls.path, workplace)).path).toBe(cls.path);
  });

  it.each(Object.entries(npmModels))('lets onnxruntime open %s in parts, at offsets of any kind', async (_, known) => {
    writeFileSync(at('home', 'm.onnx'), readFileSync(known.path));

    const skeleton = await runnableModel(at('home', 'm.onnx'), workplace, always);

    expect(dirname(skeleton.path)).toBe(at('home'));
    expect(statSync(skeleton.path).size).toBeLessThan(statSync(known.path).size / 5);
    expect(offsetsIn(skeleton.path).some((offset) => offset % 4 !== 0)).toBe(true);
    expect(await runModelFile(skeleton.path, known)).toEqual(await runModelFile(known.path, known));
    skeleton.dispose();
    expect(readdirSync(at('home'))).toEqual(['m.onnx']);
    expect(cleanups.size).toBe(0);
  });

  it('names data files that there are already', async () => {
    await convert(cls.path, at('home', 'm.onnx'), { externalData: 'external' });
    await expectSameOutputs(await runnableModel(at('home', 'm.onnx'), workplace, always));
  });

  it("follows links into the cache of a hub, where the model's own folder has only links", async () => {
    await convert(cls.path, at('home', 'm.onnx'), { externalData: 'external' });
    mkdirSync(at('snapshot'));
    for (const name of ['m.onnx', 'm.onnx.data']) symlinkSync(at('home', name), at('snapshot', name));
    const skeleton = await runnableModel(at('snapshot', 'm.onnx'), workplace, always);
    expect(dirname(skeleton.path)).toBe(at('home'));
    await expectSameOutputs(skeleton);
  });

  it('is removed when the process ends', async () => {
    writeFileSync(at('home', 'm.onnx'), readFileSync(cls.path));
    await runnableModel(at('home', 'm.onnx'), workplace, always);
    for (const cleanup of cleanups) cleanup();
    expect(readdirSync(at('home'))).toEqual(['m.onnx']);
  });

  it('removes what killed processes left, and nothing else', async () => {
    writeFileSync(at('home', 'm.onnx'), readFileSync(cls.path));
    const kept = [
      '.infer-3-test-0.onnx',
      '.infer-3-test-0.tmp',
      '.infer-2-test.onnx',
      'infer-2-test-0.onnx',
      '.infer-0.tmp',
    ];
    for (const name of ['.infer-2-test-0.onnx', '.infer-2-test-0.tmp', ...kept]) writeFileSync(at('home', name), '');
    mkdirSync(at('home', '.infer-2-test-aB3xY9'));
    writeFileSync(at('home', '.infer-2-test-aB3xY9', 'm.onnx'), '');

    (await runnableModel(at('home', 'm.onnx'), workplace, always)).dispose();

    expect(readdirSync(at('home')).toSorted()).toEqual([...kept, 'm.onnx'].toSorted());
  });

  it('lies beside a hard link where it cannot lie beside the model', async () => {
    writeFileSync(at('home', 'm.onnx'), readFileSync(cls.path));
    const taken = fillNames(at('home'));

    const skeleton = await runnableModel(at('home', 'm.onnx'), workplace, always);

    expect(dirname(dirname(skeleton.path))).toBe(at('temporary'));
    expect(statSync(join(dirname(skeleton.path), 'm.onnx')).ino).toBe(statSync(at('home', 'm.onnx')).ino);
    await expectSameOutputs(skeleton);
    skeleton.dispose();
    expect(readdirSync(at('temporary'))).toEqual([]);
    expect(readdirSync(at('home')).length).toBe(taken.length + 1);
  });

  it('is refused where it can lie nowhere', async () => {
    await convert(cls.path, at('home', 'm.onnx'), { externalData: 'external' });
    fillNames(at('home'));
    await expect(runnableModel(at('home', 'm.onnx'), workplace, always)).rejects.toThrow(ModelError);
    expect(readdirSync(at('temporary'))).toEqual([]);
    expect(cleanups.size).toBe(0);
  });
});

describe('writeRunnable', () => {
  it('writes small models whole, away from the source', async () => {
    const runnable = await writeEdited(cls.path, { wholeBytes: 2 ** 26 });
    expect(dirname(dirname(runnable.path))).toBe(at('temporary'));
    await expectSameOutputs(runnable);
    expect(metadataIn(runnable.path)).toEqual(['edited']);
    runnable.dispose();
    expect(readdirSync(at('temporary'))).toEqual([]);
  });

  it('writes what was edited of large ones, beside the source', async () => {
    writeFileSync(at('home', 'm.onnx'), readFileSync(cls.path));
    const runnable = await writeEdited(at('home', 'm.onnx'));
    expect(dirname(runnable.path)).toBe(at('home'));
    expect(statSync(runnable.path).size).toBeLessThan(statSync(cls.path).size / 5);
    expect(metadataIn(runnable.path)).toEqual(['edited']);
    await expectSameOutputs(runnable);
  });

  it.each([
    ['near', 'near'],
    [undefined, 'temporary'],
  ])('copies everything into %s when nothing else is left', async (near, parent) => {
    mkdirSync(at('near'));
    await convert(cls.path, at('home', 'm.onnx'), { externalData: 'external' });
    fillNames(at('home'));
    const runnable = await writeEdited(at('home', 'm.onnx'), near === undefined ? {} : { near: at(near) });
    expect(dirname(dirname(runnable.path))).toBe(at(parent));
    await expectSameOutputs(runnable);
    runnable.dispose();
    expect(readdirSync(at(parent))).toEqual([]);
  });

  it('copies when the source was replaced since it was opened', async () => {
    writeFileSync(at('home', 'm.onnx'), readFileSync(cls.path));
    const opened = openModel(at('home', 'm.onnx'));
    touch(opened.model);
    rmSync(at('home', 'm.onnx'));
    writeFileSync(at('home', 'm.onnx'), 'another file');
    const runnable = await writeRunnable(opened.model, { workplace, near: null, wholeBytes: 1000 });
    opened.close();
    expect(dirname(dirname(runnable.path))).toBe(at('temporary'));
    await expectSameOutputs(runnable);
  });

  it('writes models that are in no file', async () => {
    const g = new GraphBuilder();
    const sum = g.op('Add', [g.input('x', 'float32', [500]), g.constant('c', floats([500], Array(500).fill(2)))]);
    g.output(sum, 'y', tensorType('float32', [500]));
    const runnable = await writeRunnable(g.model(), { workplace, near: null, wholeBytes: 100 });
    const { y } = await runModelFile(runnable.path, { x: floats([500], Array(500).fill(1)) });
    expect(y?.data[499]).toBe(3);
    runnable.dispose();
    expect(existsSync(dirname(runnable.path))).toBe(false);
  });
});

function offsetsIn(path: string): readonly number[] {
  const { graph } = fromBinary(ModelProtoSchema, readFileSync(path));
  const tensors = [
    ...(graph?.initializer ?? []),
    ...(graph?.node.flatMap(({ attribute }) => attribute.flatMap(({ t }) => (t === undefined ? [] : [t]))) ?? []),
  ];
  return tensors.flatMap(({ externalData }) =>
    externalData.filter(({ key }) => key === 'offset').map(({ value }) => Number(value)),
  );
}

function metadataIn(path: string): readonly string[] {
  return fromBinary(ModelProtoSchema, readFileSync(path)).metadataProps.map(({ key }) => key);
}
