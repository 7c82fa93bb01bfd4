import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import models from '../../../fixtures/models/models.json' with { type: 'json' };
import { compareOutputs } from '../../../src/compute/compare-outputs.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import { constantsToInitializers } from '../../../src/onnx/passes/constants-to-initializers.ts';
import { cleanUpPasses } from '../../../src/optimize/pass-list.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';
import { runModel } from '../../numerics/run-model.ts';
import { randomModel } from '../random-model.ts';

const context = { runner: inProcessRunner() };
const fusions = cleanUpPasses.filter(({ name }) => name.startsWith('fuse-'));

/** Rounding errors of a whole network: onnxruntime's own rewrites differ as much. */
const tolerance = { absolute: 2e-6, relative: 1e-4 };

describe('the fusions on real models', () => {
  // Nodes but Constant, before and after. Of cls go 35 BatchNormalization, 2 of 4 in each of 18 hard swishes, and 1 Add.
  it.each([
    ['det', 330, 202],
    ['rec', 440, 298],
    ['cls', 221, 149],
  ] as const)('%s: %i nodes become %i, and compute the same', async (name, before, after) => {
    const { path, input, dims } = models[name];
    const bytes = readFileSync(path);
    const random = createRandom(1, name);
    const data = Float32Array.from({ length: elementCount(dims) }, () => random.normal());
    const model = readModelBytes(bytes, path);
    constantsToInitializers.apply(model);
    expect(model.graph.nodeCount).toBe(before);
    for (const pass of fusions) await pass.apply(model, context);
    checkGraph(model);
    expect(model.graph.nodeCount).toBe(after);
    const feeds = { [input]: { type: 'float32', dims, data } } as const;
    const outputs = await runModel(encodeModel(model), feeds);
    expect(compareOutputs(outputs, await runModel(bytes, feeds), tolerance)).toMatchObject({ matches: true });
  });
});

describe('the fusions on random models', () => {
  it.each(Array.from({ length: 30 }, (_, seed) => seed))('each does its work at once, seed %i', async (seed) => {
    const { model, feeds } = randomModel(seed, { steps: 60, opset: 13 + (seed % 9) });
    const expected = await runModel(encodeModel(model), feeds);
    for (const pass of fusions) {
      if (!(await pass.apply(model, context))) continue;
      checkGraph(model);
      expect(await pass.apply(model, context)).toBe(false);
    }
    const outputs = await runModel(encodeModel(model), feeds);
    expect(compareOutputs(outputs, expected, { absolute: 1e-4, relative: 1e-4 })).toMatchObject({ matches: true });
  });
});
