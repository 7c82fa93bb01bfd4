import { truncateSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import { linearModel, loopModel } from '../../models/small-models.ts';
import { temporaryFolder } from '../../models/temporary-models.ts';
import { findingOf } from './finding-of.ts';
import { block, bytes, info, initializer, join, modelOf, node, number, repeated } from './wire-bytes.ts';

const files = temporaryFolder();
afterAll(files.remove);

const stored = modelOf(initializer('t', { type: 2, dims: [5000] }, block(9, new Uint8Array(5000).fill(9))));

describe('openModel', () => {
  it.each([
    ['linear', linearModel()],
    ['loop', loopModel(3n)],
  ])('opens %s', (_, content) => {
    const opened = openModel(files.write('model.onnx', content));
    checkGraph(opened.model);
    expect(opened).toMatchObject({ sizeBytes: content.length, externalFiles: [] });
    opened.close();
  });

  it('refuses what is no model as the first look does', () => {
    expect(findingOf(() => openModel(joinPath(files.folder, 'nowhere.onnx')))?.code).toBe('file-missing');
    expect(findingOf(() => openModel(files.folder))?.code).toBe('is-directory');
    expect(findingOf(() => openModel(files.write('a.onnx', '')))?.code).toBe('model-empty');
    expect(findingOf(() => openModel(files.write('a.onnx', '{"a": 1}')))?.code).toBe('model-not-onnx');
    expect(findingOf(() => openModel(files.write('a.onnx', linearModel().subarray(0, 90))))?.code).toBe(
      'model-truncated',
    );
  });

  it('refuses a hundred thousand functions before it looks at them', () => {
    const content = Buffer.concat([modelOf(), Buffer.alloc(3 * 200_000, bytes(0xca, 0x01, 0x00))]);
    expect(findingOf(() => openModel(files.write('many.onnx', content)))).toMatchObject({
      code: 'model-invalid',
      details: { problem: expect.stringMatching(/more than 131072/) },
    });
  });

  it('opens a forest of decision trees, whose attributes are lists of millions', () => {
    const list = (name: string, type: number, ...values: Uint8Array[]) =>
      block(5, block(1, name), number(20, type), ...values);
    const modes = list('nodes_modes', 8, repeated(join(block(9, 'LEAF'), block(9, 'BRANCH_LEQ')), 500_000));
    const ids = list('nodes_nodeids', 7, block(8, new Uint8Array(3_000_000).fill(7)), number(8, 1023), number(8, 1024));
    const content = modelOf(node('TreeEnsembleRegressor', ['x'], ['y'], modes, ids), info(11, 'x'), info(12, 'y'));
    const { model, close } = openModel(files.write('forest.onnx', content));
    close();
    const read = model.graph.firstNode?.attributes;
    const texts = read?.get('nodes_modes')?.value;
    const numbers = read?.get('nodes_nodeids')?.value;
    if (!Array.isArray(texts) || !Array.isArray(numbers)) throw new Error('no lists');
    expect([texts.length, texts.slice(-2)]).toEqual([
      1_000_000,
      ['LEAF', 'BRANCH_LEQ'].map((text) => Uint8Array.from(Buffer.from(text))),
    ]);
    expect([numbers.length, numbers.slice(-3)]).toEqual([3_000_002, [7n, 1023n, 1024n]]);
  });

  it('reads large tensors while it is open, and says so when it cannot', () => {
    const path = files.write('stored.onnx', stored);
    const { model, close } = openModel(path);
    const [value] = model.graph.initializers;
    const load = () => value?.constant?.bytes();
    expect(load()).toEqual(new Uint8Array(5000).fill(9));
    truncateSync(path, 100);
    expect(findingOf(load)).toMatchObject({ code: 'model-malformed', details: { path } });
    close();
    close();
    expect(findingOf(load)).toMatchObject({ details: { problem: expect.stringMatching(/closed/) } });
  });
});
