import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import { doctorResultSchema } from '../../src/doctor/doctor-result.ts';
import models from '../../fixtures/models/models.json' with { type: 'json' };
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

describe.runIf(hasSoftwareGpu)('WebGPU on a software adapter', () => {
  it('is usable by doctor’s own trial', async () => {
    const { code, stdout } = await infer('doctor', '--json');
    expect(code).toBe(0);
    const doctor = doctorResultSchema.parse(JSON.parse(stdout));
    expect(doctor.providers.find(({ name }) => name === 'webgpu')).toMatchObject({ usable: true });
  });

  it('is benched beside the CPU, its outputs compared and its first run apart', async () => {
    const { cls } = models;
    const words = ['bench', cls.path, ...cls.flags, '--ep', 'cpu,webgpu', '--min-runs', '5', '--json', '--verify'];
    const { code, stdout, stderr } = await infer(...words);
    expect(stderr).not.toMatch(/error/);
    expect(code).toBe(0);
    const { points } = benchResultSchema.parse(JSON.parse(stdout));
    const [cpu, webgpu] = ['cpu', 'webgpu'].map((ep) => points.find((point) => point.ep === ep));
    expect(cpu).toMatchObject({ status: 'ok', outputsMatchCpu: null });
    expect(webgpu).toMatchObject({ status: 'ok', outputsMatchCpu: true });
    expect(webgpu?.outputDifference?.maxAbs).toBeLessThan(1e-3);
    // Compiling shaders makes the first run longer than any after it.
    expect(webgpu?.firstRunMs?.value).toBeGreaterThan(webgpu?.latencyMs?.p50.value ?? Infinity);
    expect(webgpu?.placement?.find(({ provider }) => /WebGpu/i.test(provider))?.nodes).toBeGreaterThan(10);
  });
});
