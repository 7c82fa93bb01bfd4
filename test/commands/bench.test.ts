import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import type { BenchResult } from '../../src/bench/bench-result.ts';
import type { BenchRequest } from '../../src/commands/bench.ts';
import { bench, benchMissedGoal } from '../../src/commands/bench.ts';
import { envelopeOf } from '../../src/commands/envelope.ts';
import { ModelError } from '../../src/errors.ts';
import type { Script } from '../../src/runtime/scripted.ts';
import { floats, protocol, scripted, signatureOf } from '../bench/scripted-bench.ts';
import { watchedGpu } from '../bench/watched-gpu.ts';
import { buildNpy } from '../data/build-npy.ts';
import { addModel, linearModel, unknownOperatorModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { environment } from '../report/fixture-bench-result.ts';

const files = temporaryFolder();
afterAll(files.remove);
const linear = files.write('linear.onnx', linearModel());
const envelope = envelopeOf({ version: '1.2.3', argv: ['infer', 'bench'], now: new Date(0) });

function requestOf(rest: Partial<BenchRequest> = {}): BenchRequest {
  return {
    models: [linear],
    providers: ['cpu'],
    threads: [],
    instances: [1],
    dims: {},
    batches: [],
    inputs: { shapes: {}, values: {}, batchDimension: undefined, poolSize: 4 },
    dataPath: null,
    samples: null,
    protocol,
    ...rest,
  };
}

/** Runs the command by script; every checkpoint is kept. */
async function run(rest: Partial<BenchRequest> = {}, script: Partial<Script> = {}) {
  const runtime = scripted(script);
  const checkpoints: BenchResult[] = [];
  const events: string[] = [];
  const result = await bench(requestOf(rest), {
    runtime,
    envelope,
    onEvent: ({ kind }) => events.push(kind),
    onCheckpoint: (checkpoint) => checkpoints.push(checkpoint()),
  });
  return { result, runtime, checkpoints, events };
}

describe('bench', () => {
  it('completes a result that its schema reads back', async () => {
    const { result } = await run();
    expect(result).toMatchObject({
      schemaVersion: 1,
      kind: 'bench',
      tool: { name: 'infer', version: '1.2.3' },
      createdAt: '1970-01-01T00:00:00.000Z',
      command: ['infer', 'bench'],
      environment,
      settings: { inputs: 'synthetic' },
    });
    expect(benchResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result);
  });

  it('identifies every model by its bytes', async () => {
    const add = files.write('add.onnx', addModel());
    const { result } = await run({ models: [linear, add] });
    const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
    expect(result.models.map(({ path, sha256, sizeBytes }) => [path, sha256, sizeBytes])).toEqual([
      [linear, hash(linearModel()), linearModel().length],
      [add, hash(addModel()), addModel().length],
    ]);
    expect(result.comparisons).toHaveLength(1);
  });

  it('takes the usable cores for threads unless told', async () => {
    expect((await run()).result.points.map(({ threads }) => threads)).toEqual([environment.cpu.usableCores]);
    expect((await run({ threads: [1, 4] })).result.points.map(({ threads }) => threads)).toEqual([1, 4]);
  });

  it('hands out every round as a result of its own', async () => {
    const { checkpoints, events, result } = await run();
    expect(checkpoints.map(({ points }) => points[0]?.rounds.length)).toEqual([1, 2, 3]);
    for (const checkpoint of checkpoints) expect(benchResultSchema.parse(checkpoint)).toEqual(checkpoint);
    expect(checkpoints.at(-1)?.points).toEqual(result.points);
    expect(events).toEqual(['probing', 'planned', 'block', 'round', 'block', 'round', 'block', 'round']);
  });

  it('refuses a file that is no model before it opens any', async () => {
    const runtime = scripted();
    const context = { runtime, envelope, onEvent: () => {}, onCheckpoint: () => {} };
    const notOne = files.write('page.onnx', '<html>');
    await expect(bench(requestOf({ models: [linear, notOne] }), context)).rejects.toMatchObject({
      code: 'model-not-onnx',
    });
    await expect(bench(requestOf({ models: ['/nowhere.onnx'] }), context)).rejects.toMatchObject({
      code: 'file-missing',
    });
    expect(runtime.opened).toEqual([]);
  });

  it('finds the node of an operator that the runtime does not name', async () => {
    const path = files.write('unknown.onnx', unknownOperatorModel());
    const failWith = (details: { operator: string; node: string }) =>
      run(
        { models: [path] },
        {
          signature: () => {
            throw new ModelError('model-unsupported-operator', { path, domain: 'com.example', opset: '1', ...details });
          },
        },
      );
    const found = (node: string) => ({ code: 'model-unsupported-operator', details: { node } });
    await expect(failWith({ operator: 'Frobnicate', node: '' })).rejects.toMatchObject(found('node_7'));
    await expect(failWith({ operator: 'Frobnicate', node: 'known' })).rejects.toMatchObject(found('known'));
    await expect(failWith({ operator: 'Other', node: '' })).rejects.toMatchObject(found(''));
  });
});

describe('the GPU of a bench', () => {
  it('is watched before the providers are tried, on the device that was asked for, and let go at the end', async () => {
    const asked: unknown[] = [];
    const gpu = (device: number) => {
      asked.push(device);
      return watchedGpu();
    };
    const { result, runtime } = await run({ providers: ['cpu', 'cuda'], device: 2 }, { gpu });
    expect(asked).toEqual([2]);
    expect(runtime.openMonitors).toBe(0);
    expect(benchResultSchema.parse(structuredClone(result)).points[1]?.gpu).toMatchObject({ device: 2, powerW: 250 });
  });

  it('is let go before anything is measured when none of its providers can be used', async () => {
    const runtime = scripted({ unusable: { cuda: { reason: 'no driver', cure: 'install it' } } });
    const open: number[] = [];
    const onEvent = () => open.push(runtime.openMonitors);
    const context = { runtime, envelope, onEvent, onCheckpoint: () => undefined };
    const result = await bench(requestOf({ providers: ['cuda', 'cpu'] }), context);
    expect(new Set(open)).toEqual(new Set([0]));
    expect(result.points.map(({ gpu }) => gpu)).toEqual([null, null]);
  });

  it('is let go when the bench fails', async () => {
    const runtime = scripted({ unusable: { cuda: { reason: 'no driver', cure: 'install it' } } });
    const context = { runtime, envelope, onEvent: () => undefined, onCheckpoint: () => undefined };
    await expect(bench(requestOf({ providers: ['cuda'] }), context)).rejects.toMatchObject({
      code: 'provider-missing',
    });
    expect(runtime.openMonitors).toBe(0);
  });

  it('is measured unwatched where there is no nvidia-smi, and says so', async () => {
    const { result } = await run({ providers: ['cuda'] });
    expect(result.points[0]).toMatchObject({ status: 'ok', gpu: { samples: 0, powerW: null } });
    expect(result.warnings).toContainEqual({ code: 'gpu-unwatched', details: { device: 0, kind: 'absent' } });
  });

  it('is nobody’s business on the CPU', async () => {
    const gpu = () => {
      throw new Error('watched');
    };
    expect((await run({ providers: ['cpu'] }, { gpu })).result.points[0]?.gpu).toBeNull();
  });
});

describe('a provider that cannot be used', () => {
  const unusable = { webgpu: { reason: 'no adapter', cure: 'install a driver' } };
  const missing = {
    name: 'RuntimeError',
    code: 'provider-missing',
    details: { provider: 'webgpu', ...unusable.webgpu },
  };

  it('is an error when it is the only one', async () => {
    await expect(run({ providers: ['webgpu'] }, { unusable })).rejects.toMatchObject(missing);
  });

  it('is skipped in a list', async () => {
    const { result } = await run({ providers: ['webgpu', 'cpu'] }, { unusable });
    expect(result.points.map(({ ep, status, reason }) => [ep, status, reason?.code])).toEqual([
      ['webgpu', 'skipped', 'provider-unusable'],
      ['cpu', 'ok', undefined],
    ]);
    expect(benchMissedGoal(result)).toBe(false);
  });

  it('is an error in a list too when providers are strict', async () => {
    const strict = { ...protocol, strictProvider: true };
    await expect(run({ providers: ['cpu', 'webgpu'], protocol: strict }, { unusable })).rejects.toMatchObject(missing);
  });

  it('is measured when it can be used', async () => {
    const { result } = await run({ providers: ['cpu', 'webgpu'], protocol: { ...protocol, strictProvider: true } });
    expect(result.points.map(({ status }) => status)).toEqual(['ok', 'ok']);
  });
});

describe('benchMissedGoal', () => {
  it.each([
    [1, false],
    [2, true],
  ])('sees an output of %d beside 1 on the CPU', async (onGpu, isMissed) => {
    const outputs: Script['outputs'] = ({ options }) => ({ y: floats(options.provider === 'cpu' ? 1 : onGpu) });
    const { result } = await run({ providers: ['cpu', 'webgpu'] }, { outputs });
    expect(benchMissedGoal(result)).toBe(isMissed);
    const [cpu] = result.points;
    if (cpu === undefined) throw new Error('there is no point');
    expect(benchMissedGoal({ ...result, points: [{ ...cpu, outputsMatchExpected: onGpu === 1 }] })).toBe(isMissed);
  });
});

describe('inputs from data', () => {
  // Twelve samples of four floats, the first of which tells the sample.
  const folder = join(files.folder, 'data');
  mkdirSync(folder);
  const values = Float32Array.from({ length: 48 }, (_, at) => (at % 4 === 0 ? at / 4 : -1));
  files.write('data/x.npy', buildNpy('<f4', [12, 4], values));

  /** The samples that runs of the first block were fed, and how many items a run held. */
  async function fed(rest: Partial<BenchRequest>, script: Partial<Script> = {}) {
    const samples = new Set<unknown>();
    const batches = new Set<number | undefined>();
    const { result } = await run(
      { dataPath: folder, ...rest },
      {
        ...script,
        runMs: ({ feeds: { x } }) => {
          for (const value of x?.data ?? []) if (value !== -1) samples.add(value);
          batches.add(x?.dims[0]);
          return 1;
        },
      },
    );
    expect(result.settings.inputs).toBe(folder);
    return { samples: samples.size, batches: [...batches] };
  }

  it('are as many as the pool and the largest batch need', async () => {
    expect(await fed({})).toEqual({ samples: 4, batches: [1] });
    expect(await fed({ batches: [1, 3] })).toEqual({ samples: 12, batches: [1, 3] });
    expect(await fed({ dims: { batch: [2] } })).toEqual({ samples: 8, batches: [2] });
    expect(await fed({}, { signature: () => signatureOf([3, 4]) })).toEqual({ samples: 12, batches: [3] });
  });

  it('are no more than was asked for', async () => {
    expect(await fed({ samples: 3 })).toEqual({ samples: 3, batches: [1] });
    expect(await fed({ samples: 2, batches: [4] })).toEqual({ samples: 2, batches: [4] });
  });
});
