import { expect, it } from 'vitest';
import type { SessionOptions } from '../../src/runtime/runtime.ts';
import { scriptedRuntime } from '../cli/scripted-models.ts';

const options: SessionOptions = {
  modelPath: 'a.onnx',
  provider: 'cpu',
  threads: 1,
  optimization: 'all',
  strictProvider: false,
  timeoutMs: 10,
};

it('tells the profile of the script, by model', async () => {
  const node = { op: 'Conv', provider: 'CPUExecutionProvider', runs: 3, medianMs: 2, outputs: [] };
  const profile = ({ modelPath }: SessionOptions) => [{ ...node, name: modelPath }];
  const session = await scriptedRuntime({ profile }).open(options);
  expect(await session.profile({}, 3)).toEqual([{ ...node, name: 'a.onnx' }]);
  const silent = await scriptedRuntime().open(options);
  expect(await silent.profile({}, 3)).toEqual([]);
});
