import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { saveModel } from '../../src/onnx/file/save-model.ts';
import { floats, GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { miscomputedOnWebGpu } from '../../src/onnx/miscomputed-conv.ts';
import { widenConvInputs } from '../../src/onnx/passes/widen-conv-inputs.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { hasSoftwareGpu, softwareGpuEnv } from './software-gpu.ts';

const files = temporaryFolder();
afterAll(files.remove);
const script = fileURLToPath(new URL('compare-providers.mjs', import.meta.url));

/** Weights `[written, read / group, ...]`, and the convolution's attributes. */
const convolutions = [
  { dims: [8, 3, 3, 3] },
  { dims: [8, 4, 3, 3] },
  { dims: [8, 5, 3, 3] },
  { dims: [8, 6, 3, 3] },
  { dims: [8, 9, 3, 3] },
  { dims: [8, 12, 3, 3] },
  { dims: [4, 129, 3] },
  { dims: [6, 6, 3, 3] },
  { dims: [5, 6, 3] },
  { dims: [8, 6, 1, 1] },
  { dims: [8, 6, 1, 1], strides: [2, 2] },
  { dims: [8, 3, 3, 3], group: 2 },
  { dims: [8, 6, 3, 3], group: 2 },
  { dims: [8, 6, 3, 3, 3] },
];

function modelOf({ dims, ...attributes }: (typeof convolutions)[number]) {
  const [written = 0, read = 0, ...kernel] = dims;
  const random = createRandom(written * read, 'weights');
  const weights = Array.from({ length: dims.reduce((product, dim) => product * dim, 1) }, () => random.normal());
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [2, read * (attributes.group ?? 1), ...kernel.map(() => 6)]);
  g.output(g.op('Conv', [x, g.constant('w', floats([written, read, ...kernel], weights))], { attributes }), 'y');
  return g.model({ opset: 17 });
}

async function distances(paths: readonly string[]): Promise<readonly number[]> {
  const env = { ...process.env, ...softwareGpuEnv() };
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...paths], { env });
  return JSON.parse(stdout);
}

describe.runIf(hasSoftwareGpu)('convolutions of onnxruntime’s WebGPU', () => {
  it('are wrong where we say so, right elsewhere, and right once they are widened', async () => {
    const models = convolutions.map(modelOf);
    const told = models.map((model) => miscomputedOnWebGpu(model).length > 0);
    const paths = models.map((_, at) => join(files.folder, `${at}.onnx`));
    const widened = models.map((_, at) => join(files.folder, `widened-${at}.onnx`));
    for (const [at, model] of models.entries()) {
      await saveModel(model, paths[at] ?? '');
      expect(widenConvInputs.apply(model)).toBe(told[at]);
      await saveModel(model, widened[at] ?? '');
    }
    const isWrong = (apart: number) => apart > 0.01;
    expect((await distances(paths)).map(isWrong)).toEqual(told);
    expect((await distances(widened)).filter(isWrong)).toEqual([]);
  });
});
