import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import type { TensorProto } from 'onnx-buf';
import { ModelProtoSchema } from 'onnx-buf';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelError, UsageError } from '../../../src/errors.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { saveModel } from '../../../src/onnx/file/save-model.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { runModel } from '../../numerics/run-model.ts';
import { convert, touch } from './convert.ts';
import { dropOrigins } from './drop-origins.ts';
import { plainModel } from './plain-model.ts';
import { npmModels, runModelFile } from './run-model-file.ts';
import { block, initializer, modelOf, number } from './wire-bytes.ts';

let folder = '';
const at = (...names: readonly string[]) => join(folder, ...names);
const bytesAt = (...names: readonly string[]) => readFileSync(at(...names));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'infer-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('converting', () => {
  it.each(Object.entries(npmModels))('%s between one file and a data file changes no output', async (_, known) => {
    const expected = await runModelFile(known.path, known);
    const external = await convert(known.path, at('external.onnx'), { externalData: 'external' });
    const moved = await convert(at('external.onnx'), at('moved', 'moved.onnx'), { externalData: 'keep' });
    const inline = await convert(at('moved', 'moved.onnx'), at('inline.onnx'), { externalData: 'inline' });

    expect(external.dataPath).toBe(at('external.onnx.data'));
    expect(external.dataBytes).toBe(bytesAt('external.onnx.data').length);
    expect(moved.dataPath).toBe(at('moved', 'moved.onnx.data'));
    expect(inline.dataPath).toBeNull();
    for (const path of [at('external.onnx'), at('moved', 'moved.onnx'), at('inline.onnx')])
      expect(await runModelFile(path, known)).toEqual(expected);
    expect(plainModel(bytesAt('inline.onnx'))).toEqual(plainModel(readFileSync(known.path)));
    expect(readdirSync(folder, { recursive: true }).filter((name) => String(name).includes('.tmp'))).toEqual([]);
  });

  it('puts tensors of 1 KiB and more at multiples of 64 KiB', async () => {
    const known = npmModels['rec']?.path ?? '';
    await convert(known, at('m.onnx'), { externalData: 'external' });
    const entries = externalEntries(bytesAt('m.onnx'));
    const data = bytesAt('m.onnx.data');
    const original = new Map(tensorsIn(readFileSync(known)).map(({ name, rawData }) => [name, Buffer.from(rawData)]));
    expect(entries.length).toBeGreaterThan(20);
    for (const { name, location, offset, length } of entries) {
      expect(location).toBe('m.onnx.data');
      expect(offset % 65536).toBe(0);
      expect(length).toBeGreaterThanOrEqual(1024);
      expect(original.get(name)?.equals(data.subarray(offset, offset + length))).toBe(true);
    }
    const inside = tensorsIn(bytesAt('m.onnx')).map(({ rawData }) => rawData.length);
    expect(Math.max(...inside)).toBeLessThan(1024);
  });

  it('reaches tensors in Constant nodes, subgraphs and functions, which onnxruntime finds', async () => {
    const model = nestedModel();
    const feeds = {
      x: floats(
        [512],
        Array.from({ length: 512 }, (_, i) => i),
      ),
      yes: { type: 'bool', dims: [], data: Uint8Array.of(1) },
    } as const;
    const expected = await runModel(encodeModel(model), feeds);
    const saved = await saveModel(model, at('m.onnx'), { externalData: 'external' });

    expect(saved.dataBytes).toBe(5 * 65536 + 2048);
    expect(saved.sizeBytes).toBeLessThan(2048);
    expect(await runModelFile(at('m.onnx'), feeds)).toEqual(expected);
    await convert(at('m.onnx'), at('inline.onnx'), { externalData: 'inline' });
    expect(await runModelFile(at('inline.onnx'), feeds)).toEqual(expected);
  });

  it('writes elements that are at several places once', async () => {
    const g = new GraphBuilder();
    const shared = Tensor.fromDense(
      floats(
        [512],
        Array.from({ length: 512 }, () => 2),
      ),
    );
    const x = g.input('x', 'float32', [512]);
    const sum = g.op('Add', [g.op('Mul', [x, g.constant('a', shared)]), g.constant('b', shared)]);
    g.output(sum, 'y', tensorType('float32', [512]));

    const saved = await saveModel(g.model(), at('m.onnx'), { externalData: 'external' });

    expect(saved.dataBytes).toBe(2048);
    expect(externalEntries(bytesAt('m.onnx')).map(({ name, offset }) => [name, offset])).toEqual([
      ['a', 0],
      ['b', 0],
    ]);
    const { y } = await runModelFile(at('m.onnx'), {
      x: floats(
        [512],
        Array.from({ length: 512 }, () => 3),
      ),
    });
    expect(y?.data[511]).toBe(8);
  });

  it('keeps data files in place in the same folder, edited or not, and uses them further', async () => {
    const known = npmModels['cls'] ?? { path: '', input: '', dims: [] };
    await convert(known.path, at('a.onnx'), { externalData: 'external' });
    const copied = await convert(at('a.onnx'), at('b.onnx'));
    const edited = await convert(at('a.onnx'), at('c.onnx'), { edit: touch });
    await convert(at('a.onnx'), at('d.onnx'), { edit: dropOrigins });

    expect([copied.dataPath, edited.dataPath]).toEqual([null, null]);
    expect(bytesAt('b.onnx').equals(bytesAt('a.onnx'))).toBe(true);
    expect(readdirSync(folder).toSorted()).toEqual(['a.onnx', 'a.onnx.data', 'b.onnx', 'c.onnx', 'd.onnx']);
    expect(externalEntries(bytesAt('c.onnx'))).toEqual(externalEntries(bytesAt('a.onnx')));
    expect(externalEntries(bytesAt('d.onnx'))).toEqual(externalEntries(bytesAt('a.onnx')));
    expect(await runModelFile(at('d.onnx'), known)).toEqual(await runModelFile(known.path, known));
  });

  it('takes small tensors in rather than to another data file, where alignment would cost 64 KiB each', async () => {
    const bytes = Uint8Array.from({ length: 16 }, (_, index) => index);
    writeFileSync(at('w.bin'), bytes);
    const place = block(13, block(1, 'location'), block(2, 'w.bin'));
    const names = Array.from({ length: 50 }, (_, index) => `w${index}`);
    const small = names.map((name) => initializer(name, { type: 2, dims: [16] }, place, number(14, 1)));
    writeFileSync(at('m.onnx'), modelOf(...small));
    expect(await convert(at('m.onnx'), at('kept.onnx'), { externalData: 'keep' })).toMatchObject({ dataBytes: 0 });
    expect(externalEntries(bytesAt('kept.onnx')).length).toBe(50);
    const moved = await convert(at('m.onnx'), at('moved', 'm.onnx'), { externalData: 'keep' });
    expect(moved.dataPath).toBeNull();
    const tensors = tensorsIn(bytesAt('moved', 'm.onnx'));
    expect(tensors.map(({ name, rawData }) => [name, [...rawData]])).toEqual(names.map((name) => [name, [...bytes]]));
  });

  it('keeps every element of typed fields, which have no raw form in the file', async () => {
    const values = Array.from({ length: 600 }, (_, index) => BigInt(index - 300) ** 5n);
    const bytes = toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: 8n,
        opsetImport: [{ version: 17n }],
        graph: { name: 'g', initializer: [{ name: 'c', dims: [600n], dataType: 7, int64Data: values }] },
      }),
    );
    writeFileSync(at('typed.onnx'), bytes);
    await convert(at('typed.onnx'), at('renamed.onnx'), {
      edit: ({ graph }) => [...graph.initializers][0]?.rename('d'),
    });
    await convert(at('typed.onnx'), at('external.onnx'), { externalData: 'external' });

    const [renamed] = fromBinary(ModelProtoSchema, bytesAt('renamed.onnx')).graph?.initializer ?? [];
    expect([renamed?.name, renamed?.int64Data]).toEqual(['d', values]);
    const data = bytesAt('external.onnx.data');
    expect([...new BigInt64Array(new Uint8Array(data).buffer)]).toEqual(values);
  });
});

describe('data files of others', () => {
  it('are never replaced', async () => {
    const known = npmModels['cls'] ?? { path: '', input: '', dims: [] };
    const expected = await runModelFile(known.path, known);
    writeFileSync(at('m.onnx.data'), 'precious');
    const first = await convert(known.path, at('m.onnx'), { externalData: 'external' });
    expect(first.dataPath).toBe(at('m.onnx.1.data'));
    expect(bytesAt('m.onnx.data').toString()).toBe('precious');

    // b uses a's data file; a is written anew from b.
    await convert(known.path, at('a.onnx'), { externalData: 'external' });
    await convert(at('a.onnx'), at('b.onnx'), { edit: touch });
    const second = await convert(at('b.onnx'), at('a.onnx'), { externalData: 'external' });
    expect(second.dataPath).toBe(at('a.onnx.1.data'));
    for (const name of ['m.onnx', 'a.onnx', 'b.onnx']) expect(await runModelFile(at(name), known)).toEqual(expected);
  });

  it('are not replaced with their own model while another one beside it uses them', async () => {
    const known = npmModels['cls'] ?? { path: '', input: '', dims: [] };
    const expected = await runModelFile(known.path, known);
    const first = await convert(known.path, at('a.onnx'), { externalData: 'external' });
    const alone = await convert(at('a.onnx'), at('a.onnx'), { externalData: 'external' });
    await convert(at('a.onnx'), at('b.onnx'), { edit: touch });
    const shared = await convert(at('a.onnx'), at('a.onnx'), { externalData: 'external' });
    const own = at('a.onnx.data');
    expect([first, alone, shared].map(({ dataPath }) => dataPath)).toEqual([own, own, at('a.onnx.1.data')]);
    for (const name of ['a.onnx', 'b.onnx']) expect(await runModelFile(at(name), known)).toEqual(expected);
  });

  it('are no target, for the model would lose its tensors', async () => {
    await convert(npmModels['cls']?.path ?? '', at('a.onnx'), { externalData: 'external' });
    await expect(convert(at('a.onnx'), at('a.onnx.data'), { externalData: 'inline' })).rejects.toThrow(UsageError);
  });

  it('are read only while their checksum is right', async () => {
    const bytes = toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: 8n,
        opsetImport: [{ version: 17n }],
        graph: {
          name: 'g',
          initializer: [
            {
              name: 'c',
              dims: [4n],
              dataType: 3,
              dataLocation: 1,
              externalData: [
                { key: 'location', value: 'c.bin' },
                { key: 'checksum', value: '0'.repeat(40) },
              ],
            },
          ],
        },
      }),
    );
    writeFileSync(at('m.onnx'), bytes);
    writeFileSync(at('c.bin'), '1234');
    await expect(convert(at('m.onnx'), at('inline.onnx'), { externalData: 'inline' })).rejects.toThrow(ModelError);
    expect(readdirSync(folder).toSorted()).toEqual(['c.bin', 'm.onnx']);
    await convert(at('m.onnx'), at('kept.onnx'), { edit: dropOrigins });
    const [tensor] = fromBinary(ModelProtoSchema, bytesAt('kept.onnx')).graph?.initializer ?? [];
    expect(tensor?.externalData.find(({ key }) => key === 'checksum')?.value).toBe('0'.repeat(40));
  });
});

/** Initializers and values of Constant nodes, of the main graph. */
function tensorsIn(bytes: Uint8Array): readonly TensorProto[] {
  const { graph } = fromBinary(ModelProtoSchema, bytes);
  const constants = graph?.node.flatMap(({ attribute }) => attribute.flatMap(({ t }) => (t === undefined ? [] : [t])));
  return [...(graph?.initializer ?? []), ...(constants ?? [])];
}

/** Tensors of a saved model that lie in data files, with the keys of their place. */
function externalEntries(bytes: Uint8Array) {
  return tensorsIn(bytes)
    .filter(({ dataLocation }) => dataLocation === 1)
    .map(({ name, externalData }) => {
      const entries = new Map(externalData.map(({ key, value }) => [key, value]));
      const number = (key: string) => Number(entries.get(key));
      return { name, location: entries.get('location'), offset: number('offset'), length: number('length') };
    });
}

/** Large constants as an initializer, in a Constant node, in a subgraph in both forms, and in a function. */
function nestedModel(): Model {
  const large = (value: number) =>
    Tensor.fromDense(
      floats(
        [512],
        Array.from({ length: 512 }, (_, i) => value + i),
      ),
    );
  const body = new GraphBuilder('Shift');
  const a = body.graph.addInput('a', null);
  body.output(body.op('Add', [a, body.op('Constant', [], { attributes: { value: large(1) } })]), 'b');
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [512]);
  const yes = g.input('yes', 'bool', []);
  const branch = (name: string, value: number) => {
    const inner = g.subgraph(name);
    const constant = inner.op('Constant', [], { attributes: { value: large(value) } });
    const weight = inner.constant(`${name}_weight`, large(value * 3));
    inner.output(
      inner.op('Mul', [inner.op('Mul', [x, constant]), weight]),
      `${name}_out`,
      tensorType('float32', [512]),
    );
    return inner.graph;
  };
  const chosen = g.op('If', [yes], { attributes: { then_branch: branch('then', 5), else_branch: branch('else', 7) } });
  const shifted = g.op('Shift', [g.op('Add', [chosen, g.constant('w', large(11))])], { domain: 'local' });
  g.output(shifted, 'y', tensorType('float32', [512]));
  const model = g.model({ opsets: { local: 1 } });
  model.setFunctions([
    {
      domain: 'local',
      name: 'Shift',
      overload: '',
      attributes: [],
      attributeDefaults: [],
      opsets: new Map([['', 17]]),
      body: body.graph,
      docString: '',
      metadata: [],
      unknownFields: null,
      origin: null,
    },
  ]);
  return model;
}
