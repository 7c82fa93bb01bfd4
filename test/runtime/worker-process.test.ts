import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WorkerProcess } from '../../src/runtime/worker-process.ts';

vi.mock('node:child_process', () => ({ fork: vi.fn<typeof fork>() }));
afterEach(() => void vi.useRealTimers());

const options = { entry: 'worker.js', modelPath: 'a.onnx', timeoutMs: 1000 };

/** Stands in for what `fork` gives back; without an id it is a process that could not be started. */
function playChild(pid?: number) {
  const child = Object.assign(new EventEmitter(), {
    pid,
    stderr: null,
    stdio: [],
    kill: vi.fn<() => void>(),
    send: vi.fn<() => void>(),
  });
  vi.mocked(fork).mockReturnValueOnce(child as unknown as ChildProcess);
  return child;
}

describe('a process that cannot be started', () => {
  it('is told as such, and gets neither a message nor a signal', async () => {
    const child = playChild();
    const worker = new WorkerProcess(options);
    const asked = worker.call('peakRssBytes', null);
    child.emit('error', new Error('spawn node EMFILE'));
    await expect(asked).rejects.toMatchObject({
      code: 'process-unstartable',
      details: { problem: 'spawn node EMFILE' },
    });
    const closed = worker.close();
    child.emit('close', -24, null);
    await closed;
    // Node would send the signal to process 0: to every process of our own group.
    expect(child.kill).not.toHaveBeenCalled();
    expect(child.send).not.toHaveBeenCalled();
  });
});

describe('a process', () => {
  it('listens to the interruption along with as many others as there are instances', async () => {
    const warned = vi.fn<(warning: Error) => void>();
    process.on('warning', warned);
    const { signal } = new AbortController();
    const children = Array.from({ length: 20 }, (_, index) => playChild(index + 1));
    for (const _ of children) void new WorkerProcess({ ...options, signal });
    // Node warns in a later tick.
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', warned);
    expect(warned).not.toHaveBeenCalled();
    for (const child of children) child.emit('close', 0, null);
  });

  it('may be silent for longer than a timer can wait', async () => {
    vi.useFakeTimers();
    const child = playChild(1);
    const worker = new WorkerProcess({ ...options, timeoutMs: 3_600_000_000 });
    const asked = worker.call('peakRssBytes', null);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(child.kill).not.toHaveBeenCalled();
    child.emit('message', { kind: 'done', result: 7 });
    await expect(asked).resolves.toBe(7);
    child.emit('close', 0, null);
  });
});
