import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { openModel } from '../../src/onnx/file/open-model.ts';
import { floats, GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import type { ModelRunner } from '../../src/runtime/model-runner.ts';
import { createProcessRuntime } from '../../src/runtime/process-runtime.ts';
import { addModel, hugeModel, linearModel, loopModel, unknownOperatorModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';

const files = temporaryFolder();
const runtime = createProcessRuntime();
const open: ModelRunner[] = [];
afterEach(async () => {
  for (const runner of open.splice(0)) await runner.close();
});
afterAll(files.remove);

async function openRunner(timeoutMs = 20_000, signal?: AbortSignal): Promise<ModelRunner> {
  const runner = await runtime.openRunner({ threads: 1, timeoutMs }, signal);
  open.push(runner);
  return runner;
}

const row = { x: { type: 'float32', dims: [1, 4], data: new Float32Array([1, 2, 3, 4]) } } as const;
const one = { x: { type: 'float32', dims: [1], data: new Float32Array(1) } } as const;
const endless = { bytes: loopModel(2n ** 40n) };

describe('a runner', () => {
  it('holds several models at once, from bytes and from files', async () => {
    const runner = await openRunner();
    const linear = await runner.load({ path: files.write('linear.onnx', linearModel()) });
    const add = await runner.load({ bytes: addModel() }, { optimization: 'all' });
    expect(linear.signature.outputs).toEqual([{ name: 'y', type: 'float32', shape: ['batch', 3] }]);
    const x = { type: 'float32', dims: [16], data: Float32Array.from({ length: 16 }, (_, at) => at) } as const;
    // Asked at once: the process answers one after the other, each with its own model.
    const [a, b] = await Promise.all([linear.run(row), add.run({ x })]);
    // x·W = 1·1 + 2·2 + 3·3 + 4·4 = 30 by column signs (1, -1, 1), plus b = (0, 0.5, 1).
    expect([...(a['y']?.data ?? [])]).toEqual([30, -29.5, 31]);
    expect([...(b['y']?.data ?? [])]).toEqual(Array.from({ length: 16 }, (_, at) => 2 * at));
  });

  it('writes the model as the runtime optimized it, configured as told', async () => {
    const runner = await openRunner();
    const optimizedPath = join(files.folder, 'optimized.onnx');
    await runner.load({ bytes: linearModel() }, { optimization: 'basic', optimizedPath });
    const opened = openModel(optimizedPath);
    expect([...opened.model.graph.nodes()].map(({ op }) => op)).toEqual(['Gemm']);
    opened.close();
    const beside = { 'session.optimized_model_external_initializers_file_name': 'constants.bin' };
    const config = { ...beside, 'session.optimized_model_external_initializers_min_size_in_bytes': '1' };
    await runner.load({ bytes: linearModel() }, { optimization: 'basic', optimizedPath, config });
    expect(existsSync(join(files.folder, 'constants.bin'))).toBe(true);
  });

  it('returns the outputs that are asked for, or only their shapes', async () => {
    const runner = await openRunner();
    const linear = await runner.load({ bytes: linearModel() });
    expect(Object.keys(await linear.run(row, ['y']))).toEqual(['y']);
    expect(await linear.shapes(row)).toEqual({ y: { type: 'float32', dims: [1, 3] } });
    await expect(linear.run(row, ['nothing'])).rejects.toMatchObject({ code: 'run-failed' });
  });

  it('forgets a released model, twice if need be, and keeps the others', async () => {
    const runner = await openRunner();
    const first = await runner.load({ bytes: linearModel() });
    const second = await runner.load({ bytes: linearModel() });
    await first.release();
    await first.release();
    await expect(first.run(row)).rejects.toMatchObject({ code: 'run-failed' });
    expect(await second.shapes(row)).toEqual({ y: { type: 'float32', dims: [1, 3] } });
  });

  it('answers many large calls that were asked at once, each with its own tensors', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['n']);
    g.output(g.op('Add', [x, x]), 'y', tensorType('float32', ['n']));
    const runner = await openRunner();
    const loaded = await runner.load({ bytes: encodeModel(g.model()) });
    const asked = Array.from({ length: 8 }, (_, index) => {
      const data = new Float32Array(100_000 + index).fill(index);
      return loaded.run({ x: { type: 'float32', dims: [data.length], data } });
    });
    for (const [index, { y }] of (await Promise.all(asked)).entries()) {
      expect(y?.dims).toEqual([100_000 + index]);
      expect(y?.data).toEqual(new Float32Array(100_000 + index).fill(2 * index));
    }
  });

  it('keeps tensors from run to run, and what it kept when a run fails', async () => {
    const g = new GraphBuilder();
    const [x, sum] = [g.input('x', 'float32', [2]), g.input('sum', 'float32', [2])];
    g.output(g.op('Add', [sum, x]), 'next', tensorType('float32', [2]));
    g.output(g.op('Mul', [sum, x]), 'product', tensorType('float32', [2]));
    const runner = await openRunner();
    const loaded = await runner.load({ bytes: encodeModel(g.model()) });
    await loaded.keep({ sum: floats([2], [1, 10]) });
    const step = { outputs: ['product'], carry: { next: 'sum' } };
    expect(await loaded.advance({ x: floats([2], [2, 3]) }, step)).toEqual({ product: floats([2], [2, 30]) });
    expect(await loaded.kept(['sum'])).toEqual({ sum: floats([2], [3, 13]) });
    await expect(loaded.advance({ x: floats([3], [1, 1, 1]) }, step)).rejects.toMatchObject({ code: 'run-failed' });
    expect(await loaded.kept(['sum'])).toEqual({ sum: floats([2], [3, 13]) });
    expect(await loaded.run({ x: floats([2], [1, 1]) }, ['next'])).toEqual({ next: floats([2], [4, 14]) });
    // What a run is fed wins over what is kept.
    expect(await loaded.run({ x: floats([2], [1, 1]), sum: floats([2], [0, 0]) }, ['next'])).toEqual({
      next: floats([2], [1, 1]),
    });
    await expect(loaded.kept(['nothing'])).rejects.toMatchObject({ code: 'run-failed' });
  });

  it('says which model cannot be loaded and goes on with the others', async () => {
    const runner = await openRunner();
    const linear = await runner.load({ bytes: linearModel() });
    await expect(runner.load({ bytes: unknownOperatorModel() }, { name: 'fold' })).rejects.toMatchObject({
      code: 'model-unsupported-operator',
      details: { path: 'fold', operator: 'Frobnicate' },
    });
    await expect(runner.load({ bytes: new Uint8Array([0xff, 0xd8]) })).rejects.toMatchObject({
      code: 'model-rejected',
    });
    expect(await linear.shapes(row)).toEqual({ y: { type: 'float32', dims: [1, 3] } });
  });

  it('tells memory that is not there and survives it', async () => {
    const runner = await openRunner();
    const huge = await runner.load({ bytes: hugeModel(2n ** 42n) });
    await expect(huge.run(one)).rejects.toMatchObject({ code: 'out-of-memory' });
    await expect(runner.load({ bytes: linearModel() })).resolves.toBeDefined();
  });
});

describe('a runner whose process ends', () => {
  it('kills a hanging model, loses the others with it, and starts afresh', async () => {
    const runner = await openRunner(1000);
    const linear = await runner.load({ bytes: linearModel() });
    const path = files.write('endless.onnx', endless.bytes);
    const hanging = await runner.load({ path });
    await expect(hanging.run(one)).rejects.toMatchObject({
      code: 'process-timeout',
      details: { model: path, stage: 'run', timeoutMs: 1000 },
    });
    await expect(linear.run(row)).rejects.toMatchObject({ code: 'process-timeout' });
    await linear.release();
    const again = await runner.load({ bytes: linearModel() });
    expect(await again.shapes(row)).toEqual({ y: { type: 'float32', dims: [1, 3] } });
  });

  it('gives up every call that waits, and what is asked later, when closed', async () => {
    const runner = await openRunner();
    const hanging = await runner.load(endless);
    const calls = [hanging.run(one), hanging.run(one)];
    await runner.close();
    await runner.close();
    for (const call of await Promise.allSettled(calls)) expect(call.status).toBe('rejected');
    await expect(hanging.run(one)).rejects.toMatchObject({ code: 'process-unstartable' });
  });

  it('starts none when it is aborted', async () => {
    const interruption = new AbortController();
    const runner = await openRunner(20_000, interruption.signal);
    const hanging = await runner.load(endless);
    setTimeout(() => interruption.abort(), 50);
    await expect(hanging.run(one)).rejects.toMatchObject({ name: 'AbortError' });
    await expect(runner.load(endless)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
