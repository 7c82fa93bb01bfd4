import { expect, it } from 'vitest';
import { scriptedRunner } from '../../src/runtime/scripted-runner.ts';
import type { Session, SessionOptions } from '../../src/runtime/runtime.ts';

const signature = { inputs: [], outputs: [{ name: 'y', type: 'float32', shape: [2] }] } as const;
const y = { type: 'float32', dims: [2], data: Float32Array.of(1, 2) } as const;
const z = { type: 'int64', dims: [], data: BigInt64Array.of(3n) } as const;

it('plays the sessions of a script, and closes those that nobody released', async () => {
  const opened: SessionOptions[] = [];
  let closed = 0;
  const open = (options: SessionOptions) => {
    opened.push(options);
    const session: Partial<Session> = {
      signature,
      run: () => Promise.resolve({ outputs: { y, z }, elapsedMs: 1 }),
      close: () => Promise.resolve(void closed++),
    };
    return Promise.resolve(session as Session);
  };
  const runner = scriptedRunner(open, { threads: 2, timeoutMs: 10 });
  const first = await runner.load({ path: 'a.onnx' });
  const second = await runner.load({ bytes: new Uint8Array() }, { name: 'b', optimization: 'all' });
  expect(opened.map(({ modelPath, optimization, provider }) => [modelPath, optimization, provider])).toEqual([
    ['a.onnx', 'disabled', 'cpu'],
    ['b', 'all', 'cpu'],
  ]);
  expect(await first.run({})).toEqual({ y, z });
  expect(await first.run({}, ['z'])).toEqual({ z });
  expect(await second.shapes({}, ['y'])).toEqual({ y: { type: 'float32', dims: [2] } });
  await first.release();
  await first.release();
  expect(closed).toBe(1);
  await runner.close();
  expect(closed).toBe(2);
});
