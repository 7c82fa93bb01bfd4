import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import models from '../../../fixtures/models/models.json' with { type: 'json' };
import { compareOutputs } from '../../../src/compute/compare-outputs.ts';
import { checkGraph } from '../../../src/onnx/check.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import { upgradeOpset } from '../../../src/onnx/opset/upgrade-opset.ts';
import { runModel } from '../../numerics/run-model.ts';
import { randomTensor } from './operator-cases.ts';

/** What the speech models take beside the sound. */
const others: Readonly<Record<string, NamedTensors>> = {
  vad: { state: randomTensor([2, 1, 128]), sr: { type: 'int64', dims: [], data: BigInt64Array.of(16_000n) } },
  'vad-half': { state: randomTensor([2, 1, 128]) },
};

describe.each(Object.entries(models))('upgradeOpset on the %s model', (name, { path, input, dims }) => {
  it('computes the same at opset 21', async () => {
    const bytes = readFileSync(path);
    const feeds = { ...others[name], [input]: randomTensor(dims) };
    const model = readModelBytes(bytes, path);
    expect(upgradeOpset(21, path).apply(model)).toBe(true);
    checkGraph(model);
    const outputs = await runModel(encodeModel(model), feeds);
    const tolerance = { absolute: 1e-6, relative: 1e-4 };
    expect(compareOutputs(outputs, await runModel(bytes, feeds), tolerance)).toMatchObject({ matches: true });
  });
});
