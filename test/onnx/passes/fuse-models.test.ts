import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import models from '../../../fixtures/models/models.json' with { type: 'json' };
import { compareOutputs } from '../../../src/compute/compare-outputs.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import type { PurePass } from '../../../src/onnx/pass.ts';
import { constantsToInitializers } from '../../../src/onnx/passes/constants-to-initializers.ts';
import { fuseActivations } from '../../../src/onnx/passes/fuse-activations.ts';
import { fuseAffineIntoConv } from '../../../src/onnx/passes/fuse-affine-into-conv.ts';
import { fuseConstantChain } from '../../../src/onnx/passes/fuse-constant-chain.ts';
import { fuseConvAdd } from '../../../src/onnx/passes/fuse-conv-add.ts';
import { fuseConvBatchNormalization } from '../../../src/onnx/passes/fuse-conv-batch-normalization.ts';
import { fuseConvMul } from '../../../src/onnx/passes/fuse-conv-mul.ts';
import { fuseGelu } from '../../../src/onnx/passes/fuse-gelu.ts';
import { fuseGemmAdd } from '../../../src/onnx/passes/fuse-gemm-add.ts';
import { fuseGemmBatchNormalization } from '../../../src/onnx/passes/fuse-gemm-batch-normalization.ts';
import { fuseGemmMul } from '../../../src/onnx/passes/fuse-gemm-mul.ts';
import { fuseHardSigmoid } from '../../../src/onnx/passes/fuse-hard-sigmoid.ts';
import { fuseHardSwish } from '../../../src/onnx/passes/fuse-hard-swish.ts';
import { fuseLayerNormalization } from '../../../src/onnx/passes/fuse-layer-normalization.ts';
import { fuseMatMulAddToGemm } from '../../../src/onnx/passes/fuse-matmul-add-to-gemm.ts';
import { fusePad } from '../../../src/onnx/passes/fuse-pad.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { runModel } from '../../numerics/run-model.ts';
import { randomModel } from '../random-model.ts';

const fusions: readonly PurePass[] = [
  fuseHardSigmoid,
  fuseHardSwish,
  fuseLayerNormalization,
  fuseGelu,
  fusePad,
  fuseConvBatchNormalization,
  fuseConvMul,
  fuseConvAdd,
  fuseMatMulAddToGemm,
  fuseGemmBatchNormalization,
  fuseGemmMul,
  fuseGemmAdd,
  fuseActivations,
  fuseConstantChain,
  fuseAffineIntoConv,
];

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
    for (const pass of fusions) pass.apply(model);
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
      if (!pass.apply(model)) continue;
      checkGraph(model);
      expect(pass.apply(model)).toBe(false);
    }
    const outputs = await runModel(encodeModel(model), feeds);
    expect(compareOutputs(outputs, expected, { absolute: 1e-4, relative: 1e-4 })).toMatchObject({ matches: true });
  });
});
