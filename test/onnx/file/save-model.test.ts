import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelError, UsageError } from '../../../src/errors.ts';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import { saveModel } from '../../../src/onnx/file/save-model.ts';
import { planSave } from '../../../src/onnx/file/save-plan.ts';
import { findTarget } from '../../../src/onnx/file/save-target.ts';
import { GraphBuilder, longs } from '../../../src/onnx/graph-builder.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { convert, touch } from './convert.ts';
import { dropOrigins } from './drop-origins.ts';
import { npmModels, runModelFile } from './run-model-file.ts';

let folder = '';
const at = (...names: readonly string[]) => join(folder, ...names);
const bytesAt = (...names: readonly string[]) => readFileSync(at(...names));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infer-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('saving what was not edited', () => {
  it.each(Object.entries(npmModels))('copies %s byte for byte', async (_, { path }) => {
    const saved = await convert(path, at('copy.onnx'));
    expect(bytesAt('copy.onnx').equals(readFileSync(path))).toBe(true);
    expect(saved).toEqual({
      path: at('copy.onnx'),
      sizeBytes: readFileSync(path).length,
      dataPath: null,
      dataBytes: 0,
    });
    expect(readdirSync(folder)).toEqual(['copy.onnx']);
  });

  it('makes the folder', async () => {
    await convert(npmModels['cls']?.path ?? '', at('a', 'b', 'copy.onnx'));
    expect(existsSync(at('a', 'b', 'copy.onnx'))).toBe(true);
  });
});

describe('saving over the source', () => {
  it.each(['keep', 'inline', 'external', 'auto'] as const)('works with %s', async (externalData) => {
    const known = npmModels['cls'] ?? { path: '', input: '', dims: [] };
    const expected = await runModelFile(known.path, known);
    for (const first of ['inline', 'external'] as const) {
      await convert(known.path, at(first, 'm.onnx'), { externalData: first });
      for (let round = 0; round < 2; round++)
        await convert(at(first, 'm.onnx'), at(first, 'm.onnx'), { externalData, edit: touch });
      expect(await runModelFile(at(first, 'm.onnx'), known)).toEqual(expected);
      expect(readdirSync(at(first)).filter((name) => !['m.onnx', 'm.onnx.data'].includes(name))).toEqual([]);
    }
  });

  it('lets tensors be read from the replaced file while it is open', async () => {
    await convert(npmModels['cls']?.path ?? '', at('m.onnx'));
    const opened = openModel(at('m.onnx'));
    const expected = [...opened.model.graph.initializers].map((value) => value.constant?.toDense());
    await saveModel(dropOrigins(opened.model), at('m.onnx'), { externalData: 'external' });
    expect([...opened.model.graph.initializers].map((value) => value.constant?.toDense())).toEqual(expected);
    opened.close();
  });
});

describe('fields of a newer schema', () => {
  it('stay where they are when the part is edited', async () => {
    const unknown = (text: string) => [
      { no: 900, wireType: 2, data: Uint8Array.of(text.length, ...Buffer.from(text)) },
    ];
    const proto = create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ version: 17n }],
      graph: {
        name: 'g',
        node: [{ opType: 'Cast', input: ['x'], output: ['y'], attribute: [{ name: 'to', type: 2, i: 1n }] }],
        initializer: [{ name: 'c', dims: [1n], dataType: 3, rawData: Uint8Array.of(7) }],
        input: [{ name: 'x', type: { value: { case: 'tensorType', value: { elemType: 1 } }, denotation: 'IMAGE' } }],
        output: [{ name: 'y', type: { value: { case: 'tensorType', value: { elemType: 1 } } } }],
      },
    });
    const { graph } = proto;
    const parts = [proto, graph, graph?.node[0], graph?.node[0]?.attribute[0], graph?.initializer[0], graph?.input[0]];
    for (const [index, part] of parts.entries()) if (part) part.$unknown = unknown(`new ${index}`);
    const model = dropOrigins(readModelBytes(toBinary(ModelProtoSchema, proto)));
    model.graph.firstNode?.rename('edited');
    await saveModel(model, at('m.onnx'));

    const saved = fromBinary(ModelProtoSchema, bytesAt('m.onnx'));

    const again = [
      saved,
      saved.graph,
      saved.graph?.node[0],
      saved.graph?.node[0]?.attribute[0],
      saved.graph?.initializer[0],
      saved.graph?.input[0],
    ];
    expect(again.map((part) => part?.$unknown?.map(({ data }) => Buffer.from(data).subarray(1).toString()))).toEqual(
      parts.map((_, index) => [`new ${index}`]),
    );
    expect(saved.graph?.input[0]?.type?.denotation).toBe('IMAGE');
  });
});

describe('a save that fails', () => {
  it('by being aborted leaves everything as it was', async () => {
    const path = npmModels['rec']?.path ?? '';
    writeFileSync(at('m.onnx'), 'old');
    const abort = new AbortController();
    const opened = openModel(path);
    const derived = derivedBytes(2 ** 23, () => abort.abort());
    opened.model.graph.addInitializer('late', derived);
    const saving = saveModel(opened.model, at('m.onnx'), { externalData: 'external', signal: abort.signal });
    await expect(saving).rejects.toThrow(abort.signal.reason);
    await expect(saveModel(opened.model, at('m.onnx'), { signal: abort.signal })).rejects.toThrow(abort.signal.reason);
    opened.close();
    expect(readdirSync(folder)).toEqual(['m.onnx']);
    expect(bytesAt('m.onnx').toString()).toBe('old');
  });

  it('by a tensor that cannot be computed leaves everything as it was', async () => {
    const g = new GraphBuilder();
    g.constant(
      'c',
      derivedBytes(2 ** 21, () => {
        throw new RangeError('no such thing');
      }),
    );
    for (const externalData of ['keep', 'external'] as const)
      await expect(saveModel(g.model(), at('m.onnx'), { externalData })).rejects.toThrow('no such thing');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('by a source that is closed leaves everything as it was', async () => {
    const opened = openModel(npmModels['cls']?.path ?? '');
    opened.close();
    await expect(saveModel(opened.model, at('m.onnx'))).rejects.toThrow(ModelError);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('by its path says so', async () => {
    const model = new GraphBuilder().model();
    writeFileSync(at('file'), '');
    mkdirSync(at('directory'));
    await expect(saveModel(model, at('directory'))).rejects.toMatchObject({
      details: { problem: 'it is a directory' },
    });
    await expect(saveModel(model, at('file', 'm.onnx'))).rejects.toMatchObject({ code: 'output-unwritable' });
    await expect(saveModel(model, at(`${'n'.repeat(300)}.onnx`))).rejects.toMatchObject({
      details: { problem: 'its name is too long' },
    });
  });
});

describe('where a model goes', () => {
  it('may be a device, as long as no data file has to lie beside it', async () => {
    const path = npmModels['cls']?.path ?? '';
    const saved = await convert(path, '/dev/null');
    expect(saved.sizeBytes).toBe(readFileSync(path).length);
    await expect(convert(path, '/dev/null', { externalData: 'external' })).rejects.toThrow(UsageError);
  });

  it.skipIf(process.platform === 'win32')('keeps its permissions when it is replaced', async () => {
    await convert(npmModels['cls']?.path ?? '', at('m.onnx'), { externalData: 'external' });
    chmodSync(at('m.onnx'), 0o600);
    await convert(at('m.onnx'), at('m.onnx'), { edit: touch, externalData: 'external' });
    expect(['m.onnx', 'm.onnx.data'].map((name) => statSync(at(name)).mode & 0o777)).toEqual([0o600, 0o600]);
  });

  it('may be a link, which goes on pointing to its file', async () => {
    const path = npmModels['cls']?.path ?? '';
    mkdirSync(at('real'));
    writeFileSync(at('real', 'm.onnx'), 'old');
    symlinkSync('real/m.onnx', at('link.onnx'));
    await convert(path, at('link.onnx'));
    expect(readlinkSync(at('link.onnx'))).toBe('real/m.onnx');
    expect(bytesAt('real', 'm.onnx').equals(readFileSync(path))).toBe(true);

    // Data beside the link are not found from the file it points to.
    const known = npmModels['cls'] ?? { path: '', input: '', dims: [] };
    await convert(path, at('link.onnx'), { externalData: 'external' });
    expect(await runModelFile(at('link.onnx'), known)).toEqual(await runModelFile(path, known));
    expect(bytesAt('real', 'm.onnx').equals(readFileSync(path))).toBe(true);
  });

  it('may have a name with characters that mean something elsewhere', async () => {
    const known = npmModels['cls'] ?? { path: '', input: '', dims: [] };
    const name = 'back\\slash #%ä.onnx';
    const saved = await convert(known.path, at(name), { externalData: 'external' });
    expect(saved.dataPath).toBe(at('back_slash #%ä.onnx.data'));
    await convert(at(name), at('inline.onnx'), { externalData: 'inline' });
    expect(await runModelFile(at('inline.onnx'), known)).toEqual(await runModelFile(known.path, known));
  });

  it('is a data file too when one file would be more than 2 GiB', () => {
    const g = new GraphBuilder();
    g.constant('c', derivedBytes(2 ** 31 - 1));
    g.constant('small', longs([1]));
    const model = g.model();
    const target = findTarget(at('m.onnx'), model);

    const plan = planSave(model, target, 'auto');

    expect(plan.data).toMatchObject({ location: 'm.onnx.data', sizeBytes: 2 ** 31 - 1 });
    expect(plan.fileBytes).toBeLessThan(300);
    expect(planSave(model, target, 'keep').data).toBeNull();
    expect(() => planSave(model, target, 'inline')).toThrow(ModelError);
  });
});

function derivedBytes(count: number, onProduce: () => void = () => undefined): Tensor {
  function* produce() {
    yield new Uint8Array(count / 2);
    onProduce();
    yield new Uint8Array(count - Math.floor(count / 2));
  }
  return new Tensor({ type: 'uint8', dims: [count], storage: { kind: 'derived', produce } });
}
