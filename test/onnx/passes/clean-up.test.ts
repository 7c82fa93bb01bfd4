import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { constantsToInitializers } from '../../../src/onnx/passes/constants-to-initializers.ts';
import { eliminateCommonSubexpressions } from '../../../src/onnx/passes/eliminate-common-subexpressions.ts';
import { inlineConstantIf } from '../../../src/onnx/passes/inline-constant-if.ts';
import { mergeCasts } from '../../../src/onnx/passes/merge-casts.ts';
import { mergeConcats } from '../../../src/onnx/passes/merge-concats.ts';
import { mergeDuplicateInitializers } from '../../../src/onnx/passes/merge-duplicate-initializers.ts';
import { mergePads } from '../../../src/onnx/passes/merge-pads.ts';
import { mergeReshapes } from '../../../src/onnx/passes/merge-reshapes.ts';
import { mergeSlices } from '../../../src/onnx/passes/merge-slices.ts';
import { mergeTransposes } from '../../../src/onnx/passes/merge-transposes.ts';
import { removeDeadNodes } from '../../../src/onnx/passes/remove-dead-nodes.ts';
import { removeNoops } from '../../../src/onnx/passes/remove-noops.ts';
import { removeUnusedInitializers } from '../../../src/onnx/passes/remove-unused-initializers.ts';
import { runModel } from '../../numerics/run-model.ts';
import { randomModel } from '../random-model.ts';
import { interfaceOf } from './clean-up-check.ts';

const passes = [
  constantsToInitializers,
  inlineConstantIf,
  removeNoops,
  mergeTransposes,
  mergeReshapes,
  mergeCasts,
  mergeSlices,
  mergeConcats,
  mergePads,
  eliminateCommonSubexpressions,
  mergeDuplicateInitializers,
  removeDeadNodes,
  removeUnusedInitializers,
];

/** Bit for bit but for the sign of zero, which adding 0 may lose. */
function withoutNegativeZero(tensors: NamedTensors): unknown {
  return Object.entries(tensors).map(([name, { type, dims, data }]) => {
    const elements = Array.from<string | number | bigint>(data).map((element) => (element === 0 ? 0 : element));
    return { name, type, dims, elements };
  });
}

describe('clean-up passes on random graphs', () => {
  it.each(passes)('$name keeps outputs, names and types, and has nothing to do twice', async (pass) => {
    for (let seed = 1; seed <= 25; seed++) {
      const { model, feeds } = randomModel(seed, { opset: [13, 15, 17, 21][seed % 4] ?? 17 });
      const before = await runModel(encodeModel(model), feeds);
      const seen = interfaceOf(model);
      if (!pass.apply(model)) continue;
      checkGraph(model);
      expect(interfaceOf(model)).toEqual(seen);
      expect(withoutNegativeZero(await runModel(encodeModel(model), feeds))).toEqual(withoutNegativeZero(before));
      expect(pass.apply(model)).toBe(false);
    }
  });

  it('all of them, again and again, come to an end', async () => {
    for (let seed = 1001; seed <= 1040; seed++) {
      const { model, feeds } = randomModel(seed, { steps: 60 });
      const before = await runModel(encodeModel(model), feeds);
      let rounds = 0;
      while (passes.map((pass) => pass.apply(model)).includes(true)) {
        checkGraph(model);
        rounds++;
      }
      expect(rounds).toBeLessThan(10);
      expect(withoutNegativeZero(await runModel(encodeModel(model), feeds))).toEqual(withoutNegativeZero(before));
    }
  });
});
