import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { readAffinity, threadAffinities } from '../../src/runtime/pin-process.ts';
import { createProcessRuntime } from '../../src/runtime/process-runtime.ts';
import type { SessionOptions } from '../../src/runtime/runtime.ts';
import { linearModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
const runtime = createProcessRuntime();
const pinning = await runtime.pinning();
const processors = pinning.possible ? pinning.processors : [];

const options: SessionOptions = {
  modelPath: files.write('linear.onnx', linearModel()),
  provider: 'cpu',
  threads: 1,
  optimization: 'all',
  strictProvider: false,
  timeoutMs: 20_000,
};

/** What taskset says of the first thread of a process: another program than the one that reads back. */
function tasksetSays(pid: number): string {
  return execFileSync('taskset', ['-p', '-c', String(pid)], { encoding: 'utf8' })
    .replace(/^.*: /s, '')
    .trim();
}

describe('threadAffinities', () => {
  it('names the processors of all threads but the caller, counted from 1', () => {
    expect(threadAffinities([4, 0, 6], 3)).toEqual({ 'session.intra_op_thread_affinities': '1;7' });
    expect(threadAffinities([4], 1)).toEqual({});
    expect(threadAffinities([], 8)).toEqual({});
  });
});

describe.runIf(processors.length > 0)('a session held to one processor', () => {
  it('keeps every thread of its process there', async () => {
    const last = processors.at(-1) ?? 0;
    const session = await runtime.open({ ...options, processors: [last] });
    const seen = await session.affinity?.();
    expect(seen?.map((entry) => entry.processors)).toEqual([[last]]);
    expect(seen?.[0]?.threads).toBeGreaterThan(1);
    expect(tasksetSays(session.pid)).toBe(String(last));
    const feeds = { x: { type: 'float32', dims: [1, 4], data: new Float32Array([1, 2, 3, 4]) } } as const;
    expect([...((await session.run(feeds)).outputs['y']?.data ?? [])]).toEqual([30, -29.5, 31]);
    await session.close();
  });

  it('tells no affinity of a process that is gone', async () => {
    const session = await runtime.open({ ...options, processors: processors.slice(0, 1) });
    await session.close();
    expect(readAffinity(session.pid)).toBeNull();
  });
});

describe.runIf(processors.length > 1)('a session of two threads on two processors', () => {
  it('gives each thread of onnxruntime its own, and the rest of the process both', async () => {
    const [first = 0, second = 0] = processors;
    const session = await runtime.open({ ...options, threads: 2, processors: [second, first] });
    const seen = (await session.affinity?.()) ?? [];
    const threadsOn = (wanted: readonly number[]) =>
      seen.find(({ processors: own }) => own.join() === wanted.join())?.threads ?? 0;
    expect(threadsOn([second])).toBe(1);
    expect(threadsOn([first])).toBe(1);
    expect(seen.flatMap((entry) => entry.processors).every((own) => own === first || own === second)).toBe(true);
    expect(tasksetSays(session.pid)).toBe(String(second));
    await session.close();
  });

  it('leaves a session without a wish where this process may run', async () => {
    const session = await runtime.open(options);
    expect(tasksetSays(session.pid)).toBe(tasksetSays(process.pid));
    await session.close();
  });
});
