import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import models from '../../fixtures/models/models.json' with { type: 'json' };
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import { doctorResultSchema } from '../../src/doctor/doctor-result.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { hasBrowser, softwareGpuEnv } from './software-gpu.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const software = softwareGpuEnv();
const files = temporaryFolder();
afterAll(files.remove);

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
    // On an image this small a run takes a fifth of what one of its usual width takes; compiling the shaders is the rest.
    ['a text direction classifier', { ...models.cls, flags: ['--shape', 'x=1x3x16x32'] }],
    ['a language model', text],
  ])('%s agrees with the CPU on every provider, in one table', async (_, model) => {
    const { code, points } = await benchEverywhere(model);
    expect(points.map(({ outputsMatchCpu }) => outputsMatchCpu)).toEqual([null, true, true, true]);
    expect(code).toBe(0);
    const [, inNode, webgpu, wasm] = points;
    expect(inNode?.outputDifference?.maxAbs).toBeLessThan(1e-3);
    expect(inNode?.firstRunMs?.value).toBeGreaterThan(inNode?.latencyMs?.p50.value ?? Infinity);
    expect(inNode?.placement?.find(({ provider }) => /WebGpu/i.test(provider))?.nodes).toBeGreaterThan(10);
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

  it('Silero agrees with the CPU once it is optimized for WebGPU; as it is, the node that is computed wrong is told', async () => {
    const { path, flags } = models['vad-half'];
    const place = ['--ep', 'webgpu', '--threads', '1', ...short, '--verify', '--json', '--quiet'];
    const asItIs = await infer('bench', path, ...flags, ...place);
    expect(asItIs.code).toBe(1);
    const { points: wrong, warnings } = benchResultSchema.parse(JSON.parse(asItIs.stdout));
    expect(wrong[0]?.outputsMatchCpu).toBe(false);
    expect(warnings).toContainEqual({
      code: 'model-miscomputed',
      details: { path, ep: 'webgpu', node: expect.stringContaining('reparam_conv'), nodes: 1, channels: 129 },
    });
    const output = join(files.folder, 'silero.onnx');
    const shapes = ['--shape', 'input=1x576', '--shape', 'state=2x1x128'];
    expect(await infer('optimize', path, '--target', 'webgpu', ...shapes, '-o', output)).toMatchObject({
      code: 0,
    });
    const { code, points } = await benchEverywhere({ path: output, flags });
    expect(code).toBe(0);
    expect(points.map(({ outputsMatchCpu }) => outputsMatchCpu)).toEqual([null, true, true, true]);
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
