import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../src/onnx/check.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { readModelBytes } from '../../src/onnx/file/read-model.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';
import { runModel } from '../numerics/run-model.ts';
import { randomEdits } from './random-edits.ts';
import { randomModel } from './random-model.ts';

const edits = fc.array(fc.nat({ max: randomEdits.length - 1 }), { minLength: 1, maxLength: 30 });

describe('random edits', () => {
  it('leave a graph that holds together and that onnxruntime runs', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), edits, async (seed, sequence) => {
        const { model, feeds } = randomModel(seed, { steps: 45, opset: 13 + (seed % 13) });
        const random = createRandom(seed, 'edits');
        for (const index of sequence) {
          randomEdits[index]?.(model.graph, random);
          checkGraph(model);
        }
        const names = model.graph.inputs.map(({ name }, index) => [name, feeds[`input_${index}`]] as const);
        const renamed = Object.fromEntries(names.flatMap(([name, tensor]) => (tensor ? [[name, tensor]] : [])));
        const outputs = await runModel(encodeModel(model), renamed);
        expect(Object.keys(outputs)).toEqual(model.graph.outputs.map(({ name }) => name));
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('survive writing and reading, whatever was copied and whatever encoded anew', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.nat(), edits, (seed, sequence) => {
        const model = readModelBytes(encodeModel(randomModel(seed).model));
        const random = createRandom(seed, 'edits');
        for (const index of sequence) randomEdits[index]?.(model.graph, random);
        const bytes = encodeModel(model);
        const again = readModelBytes(bytes);
        checkGraph(again);
        // Read from its own bytes nothing has changed, so that all of it is copied.
        expect(Buffer.from(encodeModel(again)).equals(bytes)).toBe(true);
        for (const node of again.graph.nodes()) node.touch();
        expect(Buffer.from(encodeModel(again)).equals(bytes)).toBe(true);
      }),
      { seed: 2, numRuns: 100 },
    );
  });
});
