import { describe, expect, it } from 'vitest';
import { checkGraph } from '../../src/onnx/check.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { runModel } from '../numerics/run-model.ts';
import { randomModel } from './random-model.ts';

describe('random models', () => {
  it('run in onnxruntime at every opset', { timeout: 60_000 }, async () => {
    for (let seed = 0; seed < 65; seed++) {
      const { model, feeds } = randomModel(seed, { opset: 13 + (seed % 13) });
      checkGraph(model);
      const outputs = await runModel(encodeModel(model), feeds);
      expect(Object.keys(outputs)).toEqual(model.graph.outputs.map(({ name }) => name));
    }
  });
});
