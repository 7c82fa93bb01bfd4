import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareOutputs } from '../../src/compute/compare-outputs.ts';
import { checkGraph } from '../../src/onnx/check.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { readModelBytes } from '../../src/onnx/file/read-model.ts';
import { countNodes } from '../../src/optimize/graph-figures.ts';
import { cleanUpPasses } from '../../src/optimize/pass-list.ts';
import { runPasses } from '../../src/optimize/run-passes.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';
import { runModel } from '../numerics/run-model.ts';
import { randomModel } from '../onnx/random-model.ts';

/** Fusions round differently; on values near 1 that is all they may do. */
const tolerance = { absolute: 1e-4, relative: 1e-4 };
const context = { runner: inProcessRunner() };

/** A model by its seed, of 60 steps: shrinking leads to fewer steps. */
const models = fc
  .record({ seed: fc.nat(), steps: fc.integer({ min: 1, max: 60 }), opset: fc.integer({ min: 13, max: 25 }) })
  .map(({ seed, steps, opset }) => ({ ...randomModel(seed, { steps, opset }), steps, opset }));

describe('every pass on random graphs', () => {
  for (const pass of cleanUpPasses) {
    it(`${pass.name} keeps outputs and graph sound, and is done after one call`, { timeout: 60_000 }, async () => {
      await fc.assert(
        fc.asyncProperty(models, async ({ model, feeds }) => {
          const bytes = encodeModel(model);
          if (!(await pass.apply(model, context))) return;
          checkGraph(model);
          const outputs = await runModel(encodeModel(model), feeds);
          expect(compareOutputs(outputs, await runModel(bytes, feeds), tolerance).worstOutput).toBeNull();
          expect(await pass.apply(model, context)).toBe(false);
        }),
        { seed: 1, numRuns: 25 },
      );
    });
  }

  it('all of them together, until nothing is left to do', { timeout: 120_000 }, async () => {
    let [before, after] = [0, 0];
    await fc.assert(
      fc.asyncProperty(models, async ({ model, feeds }) => {
        const bytes = encodeModel(model);
        before += countNodes(model);
        const signature = () =>
          [...model.graph.inputs, ...model.graph.outputs].map(({ name, type }) => ({ name, type }));
        const declared = signature();
        await runPasses(model, { passes: cleanUpPasses, context, onPass: () => undefined });
        after += countNodes(model);
        checkGraph(model);
        expect(signature()).toEqual(declared);
        const again = readModelBytes(encodeModel(model));
        const outputs = await runModel(encodeModel(again), feeds);
        expect(compareOutputs(outputs, await runModel(bytes, feeds), tolerance).worstOutput).toBeNull();
        const idle = await runPasses(again, { passes: cleanUpPasses, context, onPass: () => undefined });
        expect(idle.passes.filter(({ changes }) => changes > 0)).toEqual([]);
      }),
      { seed: 2, numRuns: 40 },
    );
    expect(after).toBeLessThan(before / 2);
  });
});
