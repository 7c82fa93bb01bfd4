import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readModelBytes } from '../../src/onnx/file/read-model.ts';
import { numbersOf } from '../../src/onnx/tensor-types/numbers-of.ts';
import { pruneResultSchema } from '../../src/prune/prune-result.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { hasSoftwareGpu, softwareGpuEnv } from './software-gpu.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const files = temporaryFolder();
afterAll(files.remove);

/** Half of the channels, what is kept being the same on every provider: by the size of their weights. */
function prune(ep: string, output: string): Promise<string> {
  const share = ['--channels', '0.5', '--score', 'l2', '--data', 'fixtures/digits/test.npz', '--samples', '4'];
  const place = ['--ep', ep, '--no-verify', '--no-bench', '--json', '-q', '-o', output];
  return new Promise((resolve, reject) => {
    const options = { cwd: root, env: { ...process.env, ...softwareGpuEnv() }, maxBuffer: 2 ** 26 };
    const words = ['bin/infer.js', 'prune', 'fixtures/digits/cnn.onnx', ...share, ...place];
    execFile(process.execPath, words, options, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(stderr)),
    );
  });
}

/** Every weight and bias of a model, by name. */
function weightsOf(path: string): ReadonlyMap<string, Float64Array> {
  const { graph } = readModelBytes(readFileSync(path));
  return new Map(
    [...graph.nodes()].flatMap((node) =>
      node.inputs.flatMap((value) =>
        value?.constant?.type === 'float32'
          ? [[value.name, Float64Array.from(numbersOf(value.constant))] as const]
          : [],
      ),
    ),
  );
}

describe.runIf(hasSoftwareGpu)('prune and WebGPU on a software adapter', () => {
  it('refits to the weights of the CPU', async () => {
    const [cpu, webgpu] = [join(files.folder, 'cpu.onnx'), join(files.folder, 'webgpu.onnx')];
    const result = pruneResultSchema.parse(JSON.parse(await prune('cpu', cpu)));
    await prune('webgpu', webgpu);
    expect(result.repairs.filter(({ how }) => how === 'reconstructed').length).toBeGreaterThan(3);
    const others = weightsOf(webgpu);
    for (const [name, weights] of weightsOf(cpu)) {
      const other = others.get(name) ?? new Float64Array();
      const norm = (numbers: Float64Array) => Math.hypot(...numbers);
      const apart = norm(weights.map((weight, at) => weight - (other[at] ?? NaN))) / norm(weights);
      expect({ name, isClose: apart <= 1e-3 }).toEqual({ name, isClose: true });
    }
  });
});
