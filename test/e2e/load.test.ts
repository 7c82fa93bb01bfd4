import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { loopModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { savedBench } from './saved-bench.ts';
import { childrenOf, isRunning, quick, spawnInfer, until } from './spawned-infer.ts';
import type { Spawned } from './spawned-infer.ts';

const files = temporaryFolder();
afterAll(files.remove);
/** Some milliseconds a run: no generator is too slow for that. */
const model = files.write('loop.onnx', loopModel(2000n));

let running: Spawned | null = null;
/** A test that failed leaves nothing behind. */
afterEach(() => {
  if (running?.hasEnded() === false) process.kill(running.pid, 'SIGKILL');
});

const search = ['--find-max', '--slo', 'p90=10s', '--duration', '1s', '--threads', '1', '--budget', '2s', ...quick];

/** A search whose first rate is saved, and the processes of the next: one that answers, one that issues. */
async function searching(name: string) {
  const path = join(files.folder, name);
  const infer = spawnInfer(['bench', model, ...search, '-o', path], { detached: true });
  running = infer;
  const probes = () => savedBench(path)?.points[0]?.maxRate?.probes.length ?? 0;
  await until('the first rate', () => probes() >= 1);
  return { infer, path, probes, children: childrenOf(infer.pid) };
}

describe('an interrupted search', () => {
  it.each(['group', 'parent'] as const)('by SIGINT to the %s keeps and tells what it found', async (to) => {
    const { infer, path, probes, children } = await searching(`${to}.json`);
    const before = probes();
    process.kill(to === 'group' ? -infer.pid : infer.pid, 'SIGINT');
    const { exitCode, signal, stdout, stderr } = await infer.ended;
    expect({ exitCode, signal }).toEqual({ exitCode: 130, signal: null });
    const [point] = savedBench(path)?.points ?? [];
    expect(point?.maxRate?.status).toBe('interrupted');
    expect(point?.maxRate?.probes.length).toBeGreaterThanOrEqual(before);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/Max rate .* when it was interrupted/);
    expect(stderr).not.toMatch(/error|^\s+at /m);
    expect(children).toHaveLength(2);
    expect(children.filter(isRunning)).toEqual([]);
  });

  it('ends its processes also when infer is killed', async () => {
    const { infer, children } = await searching('orphaned.json');
    process.kill(infer.pid, 'SIGKILL');
    expect((await infer.ended).signal).toBe('SIGKILL');
    await until('the end of the processes', () => !children.some(isRunning));
  });
});

it('tells the process that was killed under load: exit code 4, the closed loop kept', async () => {
  const path = join(files.folder, 'killed.json');
  const load = ['--rate', '20/s,20/s', '--duration', '2s', '--threads', '1', '--budget', '2s', ...quick];
  const infer = spawnInfer(['bench', model, ...load, '-o', path]);
  running = infer;
  await until('the first rate', () => (savedBench(path)?.points[0]?.loads?.length ?? 0) >= 1);
  const [victim = 0] = childrenOf(infer.pid);
  process.kill(victim, 'SIGKILL');
  const { exitCode } = await infer.ended;
  expect(exitCode).toBe(4);
  const [point] = savedBench(path)?.points ?? [];
  expect(point).toMatchObject({ status: 'failed', reason: { code: 'process-crashed' } });
  expect(point?.loads).toHaveLength(1);
  expect(point?.latencyMs).not.toBeNull();
  expect(childrenOf(infer.pid)).toEqual([]);
});
