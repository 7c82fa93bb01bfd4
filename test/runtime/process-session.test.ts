import { mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createProcessRuntime } from '../../src/runtime/process-runtime.ts';
import type { SessionOptions } from '../../src/runtime/runtime.ts';
import { addModel, hugeModel, linearModel, loopModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
const runtime = createProcessRuntime();

const options: SessionOptions = {
  modelPath: files.write('linear.onnx', linearModel()),
  provider: 'cpu',
  threads: 1,
  optimization: 'all',
  strictProvider: false,
  timeoutMs: 20_000,
};
const feeds = { x: { type: 'float32', dims: [1, 4], data: new Float32Array([1, 2, 3, 4]) } } as const;
const endless = { ...options, modelPath: files.write('endless.onnx', loopModel(2n ** 40n)) };
const one = { x: { type: 'float32', dims: [1], data: new Float32Array(1) } } as const;

/** Whether a process is there: signal 0 only asks. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a session in its own process', () => {
  it('tells the signature and computes what the closed form says', async () => {
    const session = await runtime.open(options);
    expect(session.signature).toEqual({
      inputs: [{ name: 'x', type: 'float32', shape: ['batch', 4] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['batch', 3] }],
    });
    // x·W = 1·1 + 2·2 + 3·3 + 4·4 = 30 by column signs (1, -1, 1), plus b = (0, 0.5, 1).
    const { outputs } = await session.run(feeds);
    expect([...(outputs['y']?.data ?? [])]).toEqual([30, -29.5, 31]);
    await session.close();
    expect(isAlive(session.pid)).toBe(false);
  });

  it('measures at the barrier, on a clock that all processes share', async () => {
    const [a, b] = await Promise.all([runtime.open(options), runtime.open(options)]);
    await Promise.all([a.setInputs([feeds]), b.setInputs([feeds])]);
    await Promise.all([a, b].map((each) => each.warmUp({ minRuns: 3, minMs: 1, maxMs: 100, tolerance: 0.5 })));
    const startAtMs = runtime.nowMs() + 30;
    const rule = { startAtMs, minRuns: 200, minMs: 5, maxMs: 5000, floorRuns: 1 };
    const measured = await Promise.all([a.measure(rule), b.measure(rule)]);
    const endedMs = runtime.nowMs();
    for (const { startsMs, endsMs, cpuMs } of measured) {
      expect(startsMs.length).toBeGreaterThanOrEqual(200);
      expect(startsMs[0]).toBeGreaterThanOrEqual(startAtMs);
      expect(endsMs.at(-1)).toBeLessThanOrEqual(endedMs);
      expect(startsMs.every((start, run) => start >= (endsMs[run - 1] ?? 0) && (endsMs[run] ?? 0) >= start)).toBe(true);
      expect(cpuMs).toBeGreaterThan(0);
    }
    expect(await a.peakRssBytes()).toBeGreaterThan(10e6);
    await Promise.all([a.close(), b.close()]);
  });

  it('counts the nodes that each provider ran', async () => {
    const session = await runtime.open({ ...options, optimization: 'disabled' });
    expect(await session.placement(feeds)).toEqual([{ provider: 'CPUExecutionProvider', nodes: 2 }]);
    await session.close();
  });

  it('times the nodes of the optimized graph', async () => {
    const session = await runtime.open(options);
    expect(await session.profile(feeds, 3)).toMatchObject([{ op: 'Gemm', provider: 'CPUExecutionProvider', runs: 3 }]);
    await session.close();
  });

  it('times its kernels run by run', async () => {
    const session = await runtime.open(options);
    const { kernels, runsUs } = await session.profileRuns(feeds, { runs: 3, mostEvents: 1000, eventsPerRun: null });
    expect(kernels).toMatchObject([{ op: 'Gemm', provider: 'CPUExecutionProvider', calls: [1, 1, 1] }]);
    expect(runsUs.length).toBe(3);
    await session.close();
  });

  it('kills a hanging model after the timeout', async () => {
    // Long enough to start on a busy machine.
    const timeoutMs = 5000;
    const session = await runtime.open({ ...endless, timeoutMs });
    await expect(session.run(one)).rejects.toMatchObject({
      code: 'process-timeout',
      details: { model: endless.modelPath, stage: 'run', timeoutMs },
    });
    await session.close();
    expect(isAlive(session.pid)).toBe(false);
  });

  it.each([
    ['SIGKILL', 'SIGKILL'],
    ['SIGSEGV', 'SIGSEGV'],
  ] as const)('tells a process that died of %s', async (signal, told) => {
    const session = await runtime.open(endless);
    setTimeout(() => process.kill(session.pid, signal), 100);
    await expect(session.run(one)).rejects.toMatchObject({
      code: 'process-crashed',
      details: { stage: 'run', signal: told },
    });
    await expect(session.run(one)).rejects.toMatchObject({ code: 'process-crashed' });
    await session.close();
  });

  it('ends at once when aborted in mid-run', async () => {
    const interruption = new AbortController();
    const session = await runtime.open(endless, interruption.signal);
    setTimeout(() => interruption.abort(), 50);
    await expect(session.run(one)).rejects.toMatchObject({ name: 'AbortError' });
    await session.close();
    expect(isAlive(session.pid)).toBe(false);
  });

  it('tells memory that is not there from a crash', async () => {
    const modelPath = files.write('huge.onnx', hugeModel(2n ** 42n));
    const session = await runtime.open({ ...options, modelPath });
    await expect(session.run(one)).rejects.toMatchObject({ code: 'out-of-memory' });
    await session.close();
  });

  it('leaves no process behind when a model cannot be loaded', async () => {
    const modelPath = files.write('jpeg.onnx', new Uint8Array([0xff, 0xd8, 0xff, 0xe0]));
    await expect(runtime.open({ ...options, modelPath })).rejects.toMatchObject({ code: 'model-rejected' });
  });

  it('starts no telemetry, which would leave a file of its own', async () => {
    const { TMPDIR: before } = process.env;
    process.env['TMPDIR'] = mkdtempSync(join(files.folder, 'tmp-'));
    try {
      const session = await runtime.open(options);
      await session.run(feeds);
      await session.close();
      expect(readdirSync(process.env['TMPDIR'])).toEqual([]);
    } finally {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    }
  });

  it('cycles float16, integer, boolean and string tensors through the process unchanged', async () => {
    const { identityModel } = await import('../models/small-models.ts');
    const modelPath = files.write('identity.onnx', identityModel());
    const session = await runtime.open({ ...options, modelPath });
    const inputs = {
      half: { type: 'float16', dims: [2], data: new Uint16Array([0x3c00, 0xc000]) },
      long: { type: 'int64', dims: [2], data: new BigInt64Array([-1n, 2n ** 53n + 1n]) },
      flag: { type: 'bool', dims: [2], data: new Uint8Array([1, 0]) },
      text: { type: 'string', dims: [2], data: ['ä', ''] },
    } as const;
    const { outputs } = await session.run(inputs);
    for (const [name, { data, type }] of Object.entries(inputs)) {
      expect(outputs[`${name}_out`]?.type).toBe(type);
      expect([...(outputs[`${name}_out`]?.data ?? [])]).toEqual([...data]);
    }
    await session.close();
  });
});

describe('probeProvider', () => {
  it('finds the CPU usable, by running it', async () => {
    expect(await runtime.probeProvider('cpu')).toMatchObject({ name: 'cpu', usable: true });
  });

  it.skipIf(process.platform === 'darwin')('says why another is not, and what to do', async () => {
    const status = await runtime.probeProvider('coreml');
    expect(status).toMatchObject({ name: 'coreml', usable: false, cure: expect.stringMatching(/macOS/) });
  });
});

describe('environment', () => {
  it('has a fingerprint, usable cores and the version of onnxruntime', async () => {
    const environment = await runtime.environment();
    expect(environment.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(environment.cpu.usableCores).toBeGreaterThanOrEqual(1);
    expect(environment.onnxruntime).toMatch(/^1\.\d+\.\d+/);
  });
});

it('adds 16 floats', async () => {
  const session = await runtime.open({ ...options, modelPath: files.write('add.onnx', addModel()) });
  const x = { type: 'float32', dims: [16], data: Float32Array.from({ length: 16 }, (_, at) => at) } as const;
  const { outputs } = await session.run({ x });
  expect([...(outputs['y']?.data ?? [])].map(Number)).toEqual(Array.from({ length: 16 }, (_, at) => 2 * at));
  await session.close();
});
