import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { cleanUpPasses } from '../../../src/optimize/pass-list.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';
import { runModel } from '../../numerics/run-model.ts';
import { randomModel } from '../random-model.ts';
import { interfaceOf } from './clean-up-check.ts';

const context = { runner: inProcessRunner() };
/** Those that move and remove, and compute nothing anew. */
const passes = cleanUpPasses.filter(({ name }) => !/^(fuse|fold)-/.test(name));

/** Bit for bit but for the sign of zero, which adding 0 may lose. */
function withoutNegativeZero(tensors: NamedTensors): unknown {
  return Object.entries(tensors).map(([name, { type, dims, data }]) => {
    const elements = Array.from<string | number | bigint>(data).map((element) => (element === 0 ? 0 : element));
    return { name, type, dims, elements };
  });
}

async function applyAll(model: Model): Promise<boolean> {
  let changed = false;
  for (const pass of passes) if (await pass.apply(model, context)) changed = true;
  return changed;
}

describe('clean-up passes on random graphs', () => {
  it.each(passes)('$name keeps outputs, names and types, and has nothing to do twice', async (pass) => {
    for (let seed = 1; seed <= 25; seed++) {
      const { model, feeds } = randomModel(seed, { opset: [13, 15, 17, 21][seed % 4] ?? 17 });
      const before = await runModel(encodeModel(model), feeds);
      const seen = interfaceOf(model);
      if (!(await pass.apply(model, context))) continue;
      checkGraph(model);
      expect(interfaceOf(model)).toEqual(seen);
      expect(withoutNegativeZero(await runModel(encodeModel(model), feeds))).toEqual(withoutNegativeZero(before));
      expect(await pass.apply(model, context)).toBe(false);
    }
  });

  it('all of them, again and again, come to an end', async () => {
    for (let seed = 1001; seed <= 1040; seed++) {
      const { model, feeds } = randomModel(seed, { steps: 60 });
      const before = await runModel(encodeModel(model), feeds);
      let rounds = 0;
      while (await applyAll(model)) {
        checkGraph(model);
        rounds++;
      }
      expect(rounds).toBeLessThan(10);
      expect(withoutNegativeZero(await runModel(encodeModel(model), feeds))).toEqual(withoutNegativeZero(before));
    }
  });
});
