import type { NamedTensors } from '../../src/onnx/dense-tensor.ts';
import listed from '../../fixtures/models/models.json' with { type: 'json' };
import { ramp } from '../onnx/passes/clean-up-check.ts';

const state = { type: 'float32', dims: [2, 1, 128], data: new Float32Array(256) } as const;
const rate = { type: 'int64', dims: [], data: BigInt64Array.of(16_000n) } as const;

/** The models of npm packages, with inputs as small as they take. */
export const npmModels: Readonly<Record<string, { readonly path: string; readonly feeds: NamedTensors }>> = {
  cls: { path: listed.cls.path, feeds: { x: ramp([1, 3, 48, 64]) } },
  det: { path: listed.det.path, feeds: { x: ramp([1, 3, 64, 64]) } },
  rec: { path: listed.rec.path, feeds: { x: ramp([1, 3, 48, 64]) } },
  vad: { path: listed.vad.path, feeds: { input: ramp([1, 576]), state, sr: rate } },
  'vad-half': { path: listed['vad-half'].path, feeds: { input: ramp([1, 576]), state } },
};
