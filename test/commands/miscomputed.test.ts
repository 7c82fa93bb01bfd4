import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { miscomputedIn, refuseMiscomputed, withCauses } from '../../src/commands/miscomputed.ts';
import { saveModel } from '../../src/onnx/file/save-model.ts';
import { floats, GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { temporaryFolder } from '../models/temporary-models.ts';

const files = temporaryFolder();
afterAll(files.remove);

/** One convolution that reads so many channels. */
function modelReading(channels: number) {
  const g = new GraphBuilder();
  const weights = floats(
    [4, channels, 3],
    Array.from({ length: 12 * channels }, () => 1),
  );
  g.output(g.op('Conv', [g.input('x', 'float32', [1, channels, 8]), g.constant('w', weights)], { name: '/conv' }), 'y');
  return g.model({ opset: 17 });
}

const details = { node: '/conv', nodes: 1, channels: 6 };

describe('what WebGPU computes wrong', () => {
  it('is told of a file by its node, and of no other provider', async () => {
    const path = join(files.folder, 'six.onnx');
    await saveModel(modelReading(6), path);
    for (const ep of ['webgpu', 'browser-webgpu'])
      expect(miscomputedIn({ path, ep })).toEqual([{ code: 'model-miscomputed', details: { path, ep, ...details } }]);
    expect(miscomputedIn({ path, ep: 'browser-wasm' })).toEqual([]);
    const differ = { code: 'outputs-differ-from-cpu', details: { model: path, ep: 'webgpu', maxAbs: 1, maxRel: 1 } };
    const other = { code: 'single-input', details: { model: path } };
    expect(withCauses([differ, other]).map(({ code }) => code)).toEqual([
      'outputs-differ-from-cpu',
      'model-miscomputed',
      'single-input',
    ]);
  });

  it('is refused where something is to be built on it', () => {
    const place = { path: 'm.onnx', ep: 'webgpu' };
    expect(() => refuseMiscomputed(modelReading(6), place)).toThrow(
      expect.objectContaining({ finding: { code: 'model-miscomputed', details: { ...place, ...details } } }),
    );
    expect(() => refuseMiscomputed(modelReading(8), place)).not.toThrow();
    expect(() => refuseMiscomputed(modelReading(6), { ...place, ep: 'cpu' })).not.toThrow();
  });
});
