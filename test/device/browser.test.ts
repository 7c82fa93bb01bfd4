import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import models from '../../fixtures/models/models.json' with { type: 'json' };
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import { doctorResultSchema } from '../../src/doctor/doctor-result.ts';
import { RuntimeError } from '../../src/errors.ts';
import { findBrowserTools } from '../../src/runtime/browser/browser-tools.ts';
import { createProcessRuntime } from '../../src/runtime/process-runtime.ts';
import type { ProviderName } from '../../src/runtime/provider.ts';
import type { Session } from '../../src/runtime/runtime.ts';
import { hasSoftwareGpu, softwareGpuEnv } from './software-gpu.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const tools = await findBrowserTools(undefined);
/** Under CI the browser must be there. */
const hasBrowser = (tools.found || process.env['CI'] !== undefined) && hasSoftwareGpu;
const software = softwareGpuEnv();

/** Runs the built binary with SwiftShader as its GPU. */
function infer(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, ...software }, maxBuffer: 2 ** 26 };
    execFile(process.execPath, ['bin/infer.js', ...words], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const providers = ['cpu', 'webgpu', 'browser-webgpu', 'browser-wasm'] as const;

/** One block of a few runs: a software GPU takes its time. */
const short = ['--rounds', '1', '--max-rounds', '1', '--min-runs', '3', '--min-time', '1ms', '--warmup', '1ms'];
const text = {
  path: 'fixtures/text/decoder.onnx',
  flags: ['--dim', 'batch_size=1', '--dim', 'sequence_length=8', '--dim', 'past_sequence_length=4'],
};

describe.runIf(hasBrowser)('models in a browser', () => {
  async function benchEverywhere({ path, flags }: { readonly path: string; readonly flags: readonly string[] }) {
    const words = ['bench', path, ...flags, '--ep', providers.join(','), '--threads', '1', ...short];
    const { code, stdout, stderr } = await infer(...words, '--verify', '--json', '--quiet');
    expect(stderr).not.toMatch(/error/i);
    const { points } = benchResultSchema.parse(JSON.parse(stdout));
    expect(points.map(({ ep, status }) => [ep, status])).toEqual(providers.map((ep) => [ep, 'ok']));
    return { code, points };
  }

  it.each([
    ['a text direction classifier', models.cls],
    ['a language model', text],
  ])('%s agrees with the CPU on every provider, in one table', async (_, model) => {
    const { code, points } = await benchEverywhere(model);
    expect(points.map(({ outputsMatchCpu }) => outputsMatchCpu)).toEqual([null, true, true, true]);
    expect(code).toBe(0);
    const [, , webgpu, wasm] = points;
    // Its shaders are compiled by the first run.
    expect(webgpu?.firstRunMs?.value).toBeGreaterThan(webgpu?.latencyMs?.p50.value ?? Infinity);
    expect(webgpu?.placement?.find(({ provider }) => /WebGpu/.test(provider))?.nodes).toBeGreaterThan(10);
    expect(webgpu?.browser).toMatchObject({
      onnxruntimeWeb: expect.stringMatching(/^1\./),
      isIsolated: true,
      adapter: { architecture: 'swiftshader', isFallback: true },
    });
    expect(wasm?.browser).toMatchObject({ isIsolated: true, adapter: null });
    for (const point of [webgpu, wasm]) {
      expect(point?.cpuUtilization).toBeGreaterThan(0);
      // The system may not tell.
      expect(point?.peakRssBytes ?? Infinity).toBeGreaterThan(2 ** 24);
    }
  });

  it('Silero is the same on both WebGPUs, and --verify holds that against the CPU', async () => {
    const { code, points } = await benchEverywhere(models['vad-half']);
    const [, webgpu, browser, wasm] = points;
    expect(wasm?.outputsMatchCpu).toBe(true);
    // onnxruntime 1.30's WebGPU computes its convolution over 129 channels wrong, in Node and in a browser alike.
    expect(browser?.outputsMatchCpu).toBe(webgpu?.outputsMatchCpu);
    expect(browser?.outputDifference?.maxAbs).toBeCloseTo(webgpu?.outputDifference?.maxAbs ?? Number.NaN, 3);
    expect(code).toBe(webgpu?.outputsMatchCpu === true ? 0 : 1);
  });

  it('are told by doctor to run', async () => {
    const { stdout } = await infer('doctor', '--json');
    const { providers: found } = doctorResultSchema.parse(JSON.parse(stdout));
    for (const name of ['browser-webgpu', 'browser-wasm'])
      expect(found.find((provider) => provider.name === name)).toMatchObject({ usable: true });
  });

  it('are scored by evaluate as on the CPU', async () => {
    const data = ['--data', 'fixtures/digits/test.npz', '--samples', '64', '--json', '--quiet'];
    const scores = await Promise.all(
      ['cpu', 'browser-wasm'].map(async (ep) => {
        const { stdout, stderr } = await infer('evaluate', 'fixtures/digits/cnn.onnx', '--ep', ep, ...data);
        expect(stderr).not.toMatch(/error/i);
        return JSON.parse(stdout).metrics;
      }),
    );
    expect(scores[1]).toEqual(scores[0]);
  });

  it('need a browser: one that is none is told, with exit code 4', async () => {
    const words = ['bench', models.cls.path, '--ep', 'browser-wasm', '--browser', '/no/such/browser'];
    const { code, stderr } = await infer(...words);
    expect(code).toBe(4);
    expect(stderr).toContain('/no/such/browser is not a program; give the path of a Chromium with --browser');
  });
});

describe.runIf(hasBrowser && process.platform === 'linux')('a browser that fails', () => {
  let session: Session | null = null;
  afterEach(async () => {
    await session?.close();
    session = null;
    Object.assign(process.env, saved);
  });
  const saved = { VK_ICD_FILENAMES: process.env['VK_ICD_FILENAMES'] ?? '' };

  async function open(
    provider: ProviderName,
    { timeoutMs = 60_000, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<Session> {
    Object.assign(process.env, { VK_ICD_FILENAMES: software['VK_ICD_FILENAMES'] });
    const modelPath = `${root}${models['vad-half'].path}`;
    const how = { provider, threads: 1, optimization: 'all', strictProvider: false, timeoutMs } as const;
    session = await createProcessRuntime().open({ modelPath, ...how }, signal);
    await session.setInputs([
      {
        input: { type: 'float32', dims: [1, 576], data: new Float32Array(576) },
        state: { type: 'float32', dims: [2, 1, 128], data: new Float32Array(256) },
      },
    ]);
    return session;
  }

  const forever = { startAtMs: 0, minRuns: 1e9, minMs: 1e9, maxMs: 1e9, floorRuns: 1e9 };

  interface Running {
    readonly pid: number;
    readonly parent: number;
    readonly command: string;
  }

  function running(): readonly Running[] {
    return readdirSync('/proc').flatMap((entry) => {
      if (!/^\d+$/.test(entry)) return [];
      try {
        const parent = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${entry}/status`, 'utf8'))?.[1];
        const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(entry), parent: Number(parent), command }];
      } catch {
        // It ended meanwhile.
        return [];
      }
    });
  }

  /** Through a zygote, where there is one. */
  function gpuProcessOf(pid: number, all = running()): Running | undefined {
    const children = all.filter(({ parent }) => parent === pid);
    return (
      children.find(({ command }) => command.includes('--type=gpu-process')) ??
      children.map((child) => gpuProcessOf(child.pid, all)).find((found) => found !== undefined)
    );
  }

  it('by dying is told as that', async () => {
    const opened = await open('browser-wasm');
    const measuring = opened.measure(forever);
    process.kill(opened.pid, 'SIGKILL');
    await expect(measuring).rejects.toBeInstanceOf(RuntimeError);
    await expect(measuring).rejects.toMatchObject({
      code: 'browser-died',
      details: { stage: 'measure', what: 'browser' },
    });
  });

  it('by losing its GPU is told as that', async () => {
    const opened = await open('browser-webgpu');
    const gpu = gpuProcessOf(opened.pid);
    if (gpu === undefined) throw new Error('the browser has no GPU process');
    const measuring = opened.measure(forever);
    process.kill(gpu.pid, 'SIGKILL');
    await expect(measuring).rejects.toMatchObject({ code: 'adapter-lost', details: { stage: 'measure' } });
  });

  it('leaves nothing behind when it is aborted', async () => {
    const interruption = new AbortController();
    const opened = await open('browser-wasm', { signal: interruption.signal });
    const measuring = opened.measure(forever);
    interruption.abort(new Error('enough'));
    await expect(measuring).rejects.toThrow('enough');
    await opened.close();
    expect(() => process.kill(opened.pid, 0)).toThrow('ESRCH');
  });

  it('lives through a measurement that is longer than its timeout, and tells no times of nodes', async () => {
    const opened = await open('browser-wasm', { timeoutMs: 6000 });
    const rule = { startAtMs: 0, minRuns: 1, minMs: 8000, maxMs: 8000, floorRuns: 1 };
    expect((await opened.measure(rule)).endsMs.length).toBeGreaterThan(1);
    await expect(opened.profile({}, 1)).rejects.toMatchObject({ code: 'no-node-times' });
  });
});
