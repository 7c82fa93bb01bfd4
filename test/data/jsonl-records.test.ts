import { join } from 'node:path';
import { assert, array, asyncProperty, constantFrom, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchesOf } from '../../src/data/batches-of.ts';
import { memoryRange } from '../../src/data/byte-range.ts';
import { indexLines } from '../../src/data/line-index.ts';
import { importPackage } from '../../src/data/optional-package.ts';
import { loadTokenizer } from '../../src/data/tokenizer.ts';
import { dataFolder } from './data-folder.ts';
import { errorOf, type Opening, openTestDataset } from './open-test-dataset.ts';
import { signatures, value } from './signatures.ts';
import { tinyTokenizer } from './tiny-tokenizer.ts';

const big = (...values: readonly number[]) => BigInt64Array.from(values, BigInt);
const int64 = (dims: readonly number[], ...values: readonly number[]) => ({
  type: 'int64',
  dims,
  data: big(...values),
});

const bert: Opening['inputs'] = [
  value('input_ids', 'int64', ['batch', 'seq']),
  value('attention_mask', 'int64', ['batch', 'seq']),
  value('token_type_ids', 'int64', ['batch', 'seq']),
];

function jsonl(...rows: readonly unknown[]): string {
  const text = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
  return join(dataFolder({ 'd.jsonl': Buffer.from(text) }), 'd.jsonl');
}

const tokenizerPath = () => join(dataFolder({ 'tokenizer.json': tinyTokenizer }), 'tokenizer.json');

describe('openDataset of .jsonl', () => {
  it('reads nested arrays in the types of the inputs, and labels of all kinds', async () => {
    const path = jsonl(
      '\uFEFF{"inputs":{"x":[[1,2]],"flag":[true]},"label":3}',
      '',
      { inputs: { x: [0.5, 4], flag: false }, label: [1, 2.5], id: 'ignored' },
      '  {"inputs":{"x":[7,8],"flag":[false]},"label":"text"}\r',
      '',
    );
    const inputs = [value('x', 'float32', ['batch', 2]), value('flag', 'bool', ['batch'])];
    const dataset = await openTestDataset(path, { inputs });
    expect(dataset).toMatchObject({ size: 3, hasLabels: true, samplesPerRun: null });
    expect(dataset.originOf(1)).toBe(`${path} row 2`);
    const [a, b, c] = await Promise.all([[0], [1], [2]].map((indices) => dataset.read(indices)));
    expect(a?.feeds['x']).toMatchObject({ dims: [1, 2], data: Float32Array.of(1, 2) });
    expect(b?.feeds['flag']).toEqual({ type: 'bool', dims: [1], data: Uint8Array.of(0) });
    expect(a?.labels).toEqual([int64([], 3)]);
    expect(b?.labels).toEqual([{ type: 'float64', dims: [2], data: Float64Array.of(1, 2.5) }]);
    expect(c?.labels).toEqual(['text']);
  });

  it('feeds ids, with mask, types and positions, and a cache that is empty; equal lengths share a batch', async () => {
    const path = jsonl({ ids: [5, 6, 7] }, { ids: [8, 9, 10] }, { ids: [1] });
    const dataset = await openTestDataset(path, { inputs: signatures.llama });
    const batches = [];
    for await (const batch of batchesOf(dataset, { indices: [0, 1, 2], batch: 8 })) batches.push(batch);
    expect(batches.map(({ indices }) => indices)).toEqual([[0, 1], [2]]);
    expect(batches[0]?.feeds).toEqual({
      input_ids: int64([2, 3], 5, 6, 7, 8, 9, 10),
      attention_mask: int64([2, 3], 1, 1, 1, 1, 1, 1),
      position_ids: int64([2, 3], 0, 1, 2, 0, 1, 2),
      'past_key_values.0.key': { type: 'float32', dims: [2, 4, 0, 8], data: new Float32Array() },
      'past_key_values.0.value': { type: 'float32', dims: [2, 4, 0, 8], data: new Float32Array() },
    });
    const merged = await openTestDataset(path, { inputs: signatures.merged });
    expect((await merged.read([2])).feeds['use_cache_branch']).toMatchObject({ dims: [1], data: Uint8Array.of(0) });
    const tensorflow = await openTestDataset(path, { inputs: signatures.bert });
    expect((await tensorflow.read([0])).feeds).toMatchObject({
      'input_mask:0': { type: 'int32', dims: [1, 3], data: Int32Array.of(1, 1, 1) },
      'segment_ids:0': { data: Int32Array.of(0, 0, 0) },
    });
  });

  it('turns texts and pairs of texts into tokens', async () => {
    const path = jsonl({ text: 'Hello the world', pair: 'the', label: 1 }, { text: 'nobody knows', label: 0 });
    const dataset = await openTestDataset(path, { inputs: bert, tokenizer: tokenizerPath() });
    expect((await dataset.read([0])).feeds).toEqual({
      input_ids: int64([1, 7], 1, 3, 5, 4, 2, 5, 2),
      attention_mask: int64([1, 7], 1, 1, 1, 1, 1, 1, 1),
      token_type_ids: int64([1, 7], 0, 0, 0, 0, 0, 1, 1),
    });
    expect((await dataset.read([1])).feeds['input_ids']).toEqual(int64([1, 4], 1, 0, 0, 2));
    expect(await dataset.shapeKey(0)).not.toBe(await dataset.shapeKey(1));
  });

  it.for([
    [['{"ids":'], 'it is no JSON'],
    [[''], 'there are no rows in it'],
    [[{ idz: [1] }], 'it has none of "inputs"'],
    [[[1]], 'it is no JSON object'],
    [[{ ids: [1, 2.5] }], "input 'input_ids': 2.5 is no int64"],
    [[{ inputs: { input_ids: [[1, 2], [3]] } }], "input 'input_ids': its rows differ in shape: [2] and [1]"],
    [[{ ids: [1], label: [[1], 2] }], 'its label: its rows differ in shape'],
    [[{ ids: ['a'] }], `input 'input_ids': "a" is no number`],
    [[{ text: 'a', pair: 3 }], 'its "pair" is no text'],
  ] as const)('refuses %j', async ([rows, problem]) => {
    const opening = openTestDataset(jsonl(...rows), { inputs: bert, tokenizer: tokenizerPath() });
    expect((await errorOf(opening)).finding).toMatchObject({
      code: 'data-malformed',
      details: { problem: expect.stringContaining(problem) },
    });
  });

  it('names the row that differs from the first', async () => {
    const path = jsonl(
      { ids: [1], label: 1 },
      { ids: [2] },
      { inputs: { z: [1] } },
      { inputs: { input_ids: [[[1]]] } },
    );
    const dataset = await openTestDataset(path, { inputs: bert });
    const row = (index: number) => `${path} row ${index + 1}`;
    expect((await errorOf(dataset.read([1]))).finding).toMatchObject({ details: { path: row(1) } });
    expect((await errorOf(dataset.read([2]))).finding).toMatchObject({
      code: 'data-unknown-input',
      details: { path: row(2) },
    });
    expect((await errorOf(dataset.read([3]))).finding).toMatchObject({
      code: 'data-shape-mismatch',
      details: { path: row(3) },
    });
  });

  it('does not let rows share a batch that hold different inputs', async () => {
    const [input_ids, ones] = [
      [1, 2],
      [1, 1],
    ];
    const path = jsonl(
      { inputs: { input_ids, attention_mask: ones } },
      { inputs: { input_ids, token_type_ids: ones } },
    );
    const dataset = await openTestDataset(path, { inputs: bert });
    expect(await dataset.shapeKey(0)).not.toBe(await dataset.shapeKey(1));
  });

  it('reads pairs apart, in batches of which both texts are as long', async () => {
    const rows = [
      { text: 'hello', pair: 'the world', label: 1 },
      { text: 'world', pair: 'hello world', label: 2 },
      { text: 'world', pair: 'hello', label: 3 },
    ];
    const inputs = bert.slice(0, 1);
    const dataset = await openTestDataset(jsonl(...rows), { inputs, tokenizer: tokenizerPath(), pairs: 'separate' });
    expect(dataset.hasPairs).toBe(true);
    const batches = [];
    for await (const batch of batchesOf(dataset, { indices: [0, 1, 2], batch: 8 })) batches.push(batch);
    expect(batches.map(({ feeds, pair }) => [feeds['input_ids'], pair?.['input_ids']])).toEqual([
      [int64([2, 3], 1, 3, 2, 1, 4, 2), int64([2, 4], 1, 5, 4, 2, 1, 3, 4, 2)],
      [int64([1, 3], 1, 4, 2), int64([1, 3], 1, 3, 2)],
    ]);
  });

  it('refuses a label or pair that the first row has not', async () => {
    const later = async (...rows: readonly unknown[]) => {
      const options = { inputs: bert, tokenizer: tokenizerPath(), pairs: 'separate' } as const;
      return (await errorOf((await openTestDataset(jsonl(...rows), options)).read([1]))).finding;
    };
    expect(await later({ ids: [1] }, { ids: [1], label: 2 })).toMatchObject({
      details: { problem: 'it has a label, the first has none' },
    });
    expect(await later({ ids: [1] }, { ids: [1], pair: [2] })).toMatchObject({
      details: { problem: 'it has a "pair", the first has none' },
    });
  });

  it('refuses a number that is infinite in the type of the input', async () => {
    const inputs = [value('x', 'float32', ['batch'])];
    const error = await errorOf(openTestDataset(jsonl({ inputs: { x: 1e39 } }), { inputs }));
    expect(error.finding).toMatchObject({ code: 'data-not-finite', details: { input: 'x', sample: 0 } });
  });

  it('asks for a tokenizer where there are texts, and for inputs that tokens do not tell', async () => {
    const error = await errorOf(openTestDataset(jsonl({ text: 'a' }), { inputs: bert }));
    expect(error.finding).toMatchObject({ code: 'missing-argument', details: { flag: '--tokenizer' } });
    const images = [...bert, value('pixels', 'float32', ['batch', 3])];
    expect((await errorOf(openTestDataset(jsonl({ ids: [1] }), { inputs: images }))).finding).toMatchObject({
      code: 'data-missing-input',
      details: { input: 'pixels' },
    });
    const given = await openTestDataset(jsonl({ ids: [1] }), { inputs: images, given: new Set(['pixels']) });
    expect(Object.keys((await given.read([0])).feeds)).toEqual(['input_ids', 'attention_mask', 'token_type_ids']);
  });
});

describe('indexLines', () => {
  it('finds the lines that are not blank, as splitting does', async () => {
    const line = constantFrom('', ' ', '\t', '{"a":1}', '{"b":"é"}  ', 'x');
    await assert(
      asyncProperty(array(line), constantFrom('\n', '\r\n'), string({ maxLength: 1 }), async (lines, end, last) => {
        const text = lines.join(end) + last;
        const index = await indexLines(memoryRange(Buffer.from(text)));
        const expected = text
          .split('\n')
          .map((each) => each.trim())
          .filter((each) => each !== '');
        const found = await Promise.all(Array.from({ length: index.count }, (_, i) => index.read(i, 1000)));
        expect(
          found.map((bytes) =>
            Buffer.from(bytes ?? [])
              .toString()
              .trim(),
          ),
        ).toEqual(expected);
      }),
      { seed: 8 },
    );
  });

  it('goes on where a line reaches over blocks of a megabyte', async () => {
    const long = 'a'.repeat(2_500_000);
    const index = await indexLines(memoryRange(Buffer.from(`${long}\n\nb\n${long}`)));
    expect(index.count).toBe(3);
    expect(Buffer.from((await index.read(1, 10)) ?? []).toString()).toBe('b\n');
    expect(await index.read(2, 10)).toBeNull();
    expect((await index.read(2, 2_500_000))?.length).toBe(2_500_000);
  });
});

describe('loadTokenizer', () => {
  it('encodes and decodes', async () => {
    const tokenizer = await loadTokenizer(tokenizerPath());
    expect(tokenizer.encode('the world')).toEqual({
      ids: [1, 5, 4, 2],
      attentionMask: [1, 1, 1, 1],
      typeIds: [0, 0, 0, 0],
    });
    expect(tokenizer.decode([1, 5, 4, 2])).toBe('the world');
  });

  it('names a file that is none', async () => {
    const folder = dataFolder({
      'a.json': Buffer.from('{"model":'),
      'b.json': Buffer.from('{}'),
      'c.json': Buffer.from('3'),
    });
    for (const name of ['a.json', 'b.json', 'c.json']) {
      const path = join(folder, name);
      expect((await errorOf(loadTokenizer(path))).finding).toMatchObject({ code: 'data-malformed', details: { path } });
    }
    expect((await errorOf(loadTokenizer(join(folder, 'no.json')))).code).toBe('file-missing');
  });

  it('tells which package is missing, and nothing else of other errors', async () => {
    const details = { package: 'some-package', purpose: 'for something' };
    const missing = importPackage(() => import(String('no-such-package')), details);
    expect((await errorOf(missing)).finding).toEqual({ code: 'package-missing', details });
    await expect(importPackage(() => Promise.reject(new Error('broken')), details)).rejects.toThrow('broken');
  });
});
