import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { doctorResultSchema } from '../../src/doctor/doctor-result.ts';
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
});
