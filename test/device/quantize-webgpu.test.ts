import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import { readCalibrationCache } from '../../src/quantize/calibration/calibration-cache.ts';
import { scaleAndZeroPoint } from '../../src/quantize/numeric/scale-and-zero-point.ts';
import type { QuantizeResult } from '../../src/quantize/quantize-result.ts';
import { quantizeResultSchema } from '../../src/quantize/quantize-result.ts';
import { hasSoftwareGpu, softwareGpuEnv } from './software-gpu.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Runs the built binary with SwiftShader as its GPU. */
function infer(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...softwareGpuEnv() };
    const options = { cwd: root, env, maxBuffer: 2 ** 26 };
    execFile(process.execPath, ['bin/infer.js', ...words], options, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

/** One block of a few runs: a software GPU takes its time. */
const short = ['--rounds', '1', '--max-rounds', '1', '--min-runs', '2', '--min-time', '1ms', '--warmup', '1ms'];

describe.runIf(hasSoftwareGpu)('quantize and WebGPU on a software adapter', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'infer-quantize-webgpu-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function quantize(...words: string[]): Promise<QuantizeResult> {
    const { code, stdout, stderr } = await infer('quantize', ...words, '--no-verify', '--no-bench', '--json', '-q');
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return quantizeResultSchema.parse(JSON.parse(stdout));
  }

  it('runs a decoder with weights of 4 bits, with the outputs of the CPU', async () => {
    const output = join(folder, 'decoder.onnx');
    // Level 4 rounds activations to 8 bits, by a rule of its own on each provider.
    const blocks = ['--int4', '--algorithm', 'rtn', '--accuracy-level', '0', '--target', 'webgpu'];
    await quantize('fixtures/text/decoder.onnx', ...blocks, '-o', output);
    const lengths = { batch_size: 1, sequence_length: 8, past_sequence_length: 0, total_sequence_length: 8 };
    const dims = Object.entries(lengths).flatMap(([name, length]) => ['--dim', `${name}=${length}`]);
    const words = ['bench', output, ...dims, '--ep', 'cpu,webgpu', ...short];
    const { stdout } = await infer(...words, '--json', '--verify', '-q');
    const { points } = benchResultSchema.parse(JSON.parse(stdout));
    const webgpu = points.find(({ ep }) => ep === 'webgpu');
    expect(webgpu).toMatchObject({ status: 'ok', outputsMatchCpu: true });
    expect(webgpu?.outputDifference?.maxAbs).toBeLessThan(1e-3);
    expect(webgpu?.placement?.find(({ provider }) => /WebGpu/i.test(provider))?.nodes).toBeGreaterThan(100);
  });

  it('calibrates to the scales of the CPU, and tells how many nodes fell back to it', async () => {
    const samples = ['--data', 'fixtures/digits/test.npz', '--samples', '8'];
    const calibrated = async (ep: string) => {
      const cache = join(folder, `${ep}.json`);
      const output = ['-o', join(folder, `${ep}.onnx`), '--calibration-cache', cache, '--ep', ep];
      const words = ['fixtures/digits/cnn.onnx', '--int8', '--method', 'static', ...samples, ...output];
      const { calibration, model } = await quantize(...words);
      const reading = readCalibrationCache(readFileSync(cache, 'utf8'), { sha256: model.sha256 });
      if (reading.state !== 'read') throw new Error(`the cache is ${reading.state}`);
      return { calibration, values: reading.cache.values };
    };
    const cpu = await calibrated('cpu');
    const webgpu = await calibrated('webgpu');
    expect(cpu.calibration).toMatchObject({ ep: 'cpu', fallbackNodes: null });
    expect(webgpu.calibration).toMatchObject({ ep: 'webgpu', fallbackNodes: expect.any(Number) });
    expect([...webgpu.values.keys()]).toEqual([...cpu.values.keys()]);
    for (const [name, { min, max, elements }] of cpu.values) {
      const other = webgpu.values.get(name);
      const scale = (range: { readonly min: number; readonly max: number }) =>
        scaleAndZeroPoint(range, { type: 'uint8', symmetric: false, reduced: false }).scale;
      const size = Math.max(Math.abs(min), Math.abs(max));
      expect(other?.elements).toBe(elements);
      expect(Math.abs((other?.min ?? NaN) - min)).toBeLessThanOrEqual(1e-3 * size);
      expect(Math.abs((other?.max ?? NaN) - max)).toBeLessThanOrEqual(1e-3 * size);
      expect(scale(other ?? { min: NaN, max: NaN }) / scale({ min, max })).toBeCloseTo(1, 3);
    }
  });
});
