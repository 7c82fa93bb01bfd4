import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findBatchAxis } from '../../src/data/batch-axis.ts';
import type { InputRequest } from '../../src/data/input-request.ts';
import { parseInputValue } from '../../src/data/input-value.ts';
import { maxPoolBytes, resolveInputs } from '../../src/data/resolve-inputs.ts';
import type { Sample } from '../../src/data/sample.ts';
import type { ValueSignature } from '../../src/onnx/signature.ts';
import { buildNpy } from './build-npy.ts';
import { dataFolder } from './data-folder.ts';
import { findingOf } from './finding-of.ts';
import { signatures, value } from './signatures.ts';

function resolve(inputs: readonly ValueSignature[], request: Partial<InputRequest> = {}) {
  return resolveInputs(
    { inputs, outputs: [] },
    {
      modelPath: 'm.onnx',
      dims: {},
      shapes: {},
      values: {},
      batch: null,
      batchAxis: findBatchAxis(inputs),
      samples: null,
      integerLimits: {},
      poolSize: 3,
      seed: 0,
      ...request,
    },
  );
}

const floatSample = (dims: readonly number[], data: readonly number[]): Sample => ({
  inputs: { x: { type: 'float32', dims, data: Float32Array.from(data) } },
  expected: { y: { type: 'float32', dims: [1], data: Float32Array.of(data[0] ?? 0) } },
  origin: `sample ${data[0]}`,
});
const x = [value('x', 'float32', ['batch', 2])];
const feedsOf = (resolved: ReturnType<typeof resolve>, name: string) =>
  resolved.pool.map((feeds) => Array.from(feeds[name]?.data ?? [], Number));

describe('resolveInputs without data', () => {
  it('gives the same bytes for the same seed, and other ones for another', () => {
    const first = resolve(signatures.llama, { batch: 2 });
    expect(resolve(signatures.llama, { batch: 2 })).toEqual(first);
    expect(resolve(signatures.llama, { batch: 2, seed: 1 }).pool).not.toEqual(first.pool);
    expect(first.pool).toHaveLength(3);
    expect(new Set(feedsOf(first, 'input_ids').map(String)).size).toBe(3);
    expect(first.expected).toEqual([null, null, null]);
  });

  it('reports sizes and what it guessed', () => {
    const { dims, notes } = resolve(signatures.llama, { dims: { past_sequence_length: 64, sequence_length: 1 } });
    expect(dims).toEqual({ batch_size: 1, sequence_length: 1, past_sequence_length: 64, total_sequence_length: 65 });
    expect(notes).toEqual([{ code: 'inputs-guessed', details: { input: 'input_ids', values: '0..99' } }]);
  });

  it('starts positions after the past', () => {
    const resolved = resolve(signatures.llama, { dims: { past_sequence_length: 64, sequence_length: 2 } });
    expect(feedsOf(resolved, 'position_ids')[0]).toEqual([64, 65]);
  });

  it('fills inputs with the values given, and asks where it must', () => {
    expect(findingOf(() => resolve(signatures.sileroNamed)).code).toBe('input-value-needed');
    const values = { sr: parseInputValue('16000'), input: parseInputValue('0') };
    const resolved = resolve(signatures.sileroNamed, { values, batch: 2, dims: { sequence: 512 } });
    expect(resolved.pool[0]?.['sr']).toEqual({ type: 'int64', dims: [], data: BigInt64Array.of(16000n) });
    expect(resolved.pool[0]?.['input']).toEqual({ type: 'float32', dims: [2, 512], data: new Float32Array(1024) });
    expect(resolved.pool[0]?.['state']?.dims).toEqual([2, 2, 128]);
    expect(findingOf(() => resolve(x, { values: { z: parseInputValue('1') } }))).toEqual({
      code: 'unknown-input',
      details: { input: 'z', known: ['x'] },
    });
  });

  it('makes one set when nothing in it is random', () => {
    expect(resolve(x, { values: { x: parseInputValue('1') } }).pool).toHaveLength(1);
    expect(resolve(x, { values: { x: parseInputValue('1..9') } }).pool).toHaveLength(3);
  });

  it('lets a list set the length of a vector', () => {
    const inputs = [value('v', 'float32', ['points'])];
    const resolved = resolve(inputs, { values: { v: parseInputValue('1,2,3') }, batchAxis: { kind: 'none' } });
    expect(resolved.dims).toEqual({ points: 3 });
  });

  it('keeps the pool in bounds, but never empty', () => {
    const inputs = [value('x', 'float64', ['batch', 2 ** 17])];
    const sizeOf = (batch: number) => resolve(inputs, { batch, poolSize: 10 }).pool.length;
    expect(maxPoolBytes).toBe(64 * 2 ** 20);
    expect(sizeOf(16)).toBe(4);
    expect(sizeOf(65)).toBe(1);
  });
});

describe('resolveInputs with data', () => {
  const samples = [1, 3, 5].map((first) => floatSample([2], [first, first + 1]));

  it('batches samples, and begins again when they run out', () => {
    const resolved = resolve(x, { samples, batch: 2, poolSize: 10 });
    expect(feedsOf(resolved, 'x')).toEqual([
      [1, 2, 3, 4],
      [5, 6, 1, 2],
    ]);
    expect(resolved.dims).toEqual({ batch: 2 });
    expect(resolved.notes).toEqual([]);
    expect(resolved.expected).toEqual([null, null]);
  });

  it('expects stored outputs only of samples fed as they are', () => {
    const whole = [floatSample([1, 2], [1, 2]), floatSample([1, 2], [3, 4])];
    expect(resolve(x, { samples: whole }).expected).toEqual(whole.map(({ expected }) => expected));
    expect(resolve(x, { samples }).expected).toEqual([null, null, null]);
    expect(resolve(x, { samples: whole, batch: 2 }).expected).toEqual([null]);
  });

  it('takes the batch from --dim, --shape, the model or the data', () => {
    expect(resolve(x, { samples, dims: { 'x#0': 3 } }).dims).toEqual({ batch: 3 });
    expect(resolve(x, { samples, shapes: { x: [3, 2] } }).dims).toEqual({ batch: 3 });
    expect(feedsOf(resolve([value('x', 'float32', [3, 2])], { samples }), 'x')).toEqual([[1, 2, 3, 4, 5, 6]]);
    const pairs = [floatSample([2, 2], [1, 2, 3, 4])];
    expect(resolve(x, { samples: pairs }).dims).toEqual({ batch: 2 });
    expect(resolve(x, { samples: pairs, batch: 4 }).pool[0]?.['x']?.dims).toEqual([4, 2]);
    expect(findingOf(() => resolve(x, { samples: pairs, batch: 3 }))).toEqual({
      code: 'dimension-conflict',
      details: { dimension: 'batch', first: 2, second: 3 },
    });
    expect(findingOf(() => resolve(x, { samples: [...pairs, ...samples] })).code).toBe('data-malformed');
  });

  it('binds other inputs to each sample’s own length', () => {
    const inputs = [value('x', 'float32', ['batch', 'seq']), value('mask', 'int64', ['batch', 'seq'])];
    const varied = [floatSample([1, 2], [1, 2]), floatSample([1, 3], [3, 4, 5])];
    const resolved = resolve(inputs, { samples: varied, values: { mask: parseInputValue('1') } });
    expect(resolved.pool.map((feeds) => feeds['mask']?.dims)).toEqual([
      [1, 2],
      [1, 3],
    ]);
    expect(resolved.dims).toEqual({ batch: 1, seq: 2 });
  });

  it('repeats a file to the batch and binds what it tells', () => {
    const folder = dataFolder({ 'i.npy': buildNpy('<f4', [1, 2], Float32Array.of(1, 2)) });
    const values = { input: parseInputValue(join(folder, 'i.npy')), sr: parseInputValue('16000') };
    const resolved = resolve(signatures.sileroUnnamed, { values, batch: 3 });
    expect(feedsOf(resolved, 'input')[0]).toEqual([1, 2, 1, 2, 1, 2]);
    expect(resolved.pool[0]?.['state']?.dims).toEqual([2, 3, 128]);
    expect(resolved.dims).toEqual({ 'input#0': 3, 'input#1': 2, 'state#1': 3 });
  });
});
