import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { addModel, loopModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { savedBench } from './saved-bench.ts';
import { childrenOf, endless, isRunning, quick, spawnInfer, until } from './spawned-infer.ts';
import type { Spawned } from './spawned-infer.ts';

const files = temporaryFolder();
afterAll(files.remove);
const model = files.write('add.onnx', addModel());

let running: Spawned | null = null;
/** A test that failed leaves nothing behind. */
afterEach(() => {
  if (running?.hasEnded() === false) process.kill(running.pid, 'SIGKILL');
});

/** A bench without end, once its first round is saved and a process is measuring the next. */
async function measuring(name: string, words: readonly string[] = []) {
  const path = join(files.folder, name);
  const infer = spawnInfer(['bench', model, ...endless, ...words, '-o', path], { detached: true });
  running = infer;
  const finishedRounds = () => savedBench(path)?.points[0]?.rounds.length ?? 0;
  await until('the first round', () => finishedRounds() >= 1);
  const children = await until('a measuring process', () => {
    const found = childrenOf(infer.pid);
    return found.length > 0 && found;
  });
  return { infer, path, children, finishedRounds };
}

describe('an interrupted bench', () => {
  it.each([
    ['Ctrl-C, which a terminal sends to the whole group', 'SIGINT', 'group'],
    ['SIGINT to infer alone', 'SIGINT', 'parent'],
    ['SIGTERM to infer alone', 'SIGTERM', 'parent'],
    ['SIGTERM to the whole group, as a job scheduler may', 'SIGTERM', 'group'],
    ['SIGHUP to the whole group, as a closing terminal does', 'SIGHUP', 'group'],
  ] as const)('%s: shows and saves the finished rounds, exit code 130', async (_, signal, to) => {
    const { infer, path, children, finishedRounds } = await measuring(`${signal}-${to}.json`);
    const before = finishedRounds();
    process.kill(to === 'group' ? -infer.pid : infer.pid, signal);
    const { exitCode, signal: died, stdout, stderr } = await infer.ended;
    expect({ exitCode, died }).toEqual({ exitCode: 130, died: null });
    const result = savedBench(path);
    expect(result).toMatchObject({ interrupted: true, points: [{ status: 'ok', reason: null }] });
    expect(result?.points[0]?.rounds.length).toBeGreaterThanOrEqual(before);
    expect(stdout).toMatch(/^add\.onnx, cpu/);
    expect(stderr).not.toMatch(/error|^\s+at /m);
    expect(children.filter(isRunning)).toEqual([]);
    expect(childrenOf(infer.pid)).toEqual([]);
  });
});

describe('processes that end without being told', () => {
  it('a measuring process that is killed: exit code 4, the signal named, the other results kept', async () => {
    const path = join(files.folder, 'killed.json');
    const words = ['--rounds', '2', '--max-rounds', '2', '--min-time', '300ms', '--threads', '1,2', '-o', path];
    const infer = spawnInfer(['bench', model, ...words]);
    running = infer;
    await until('the first round', () => savedBench(path) !== null);
    // Taken as soon as the second round begins, it has its 300 ms of measuring before it.
    const victim = await until('a measuring process', () => childrenOf(infer.pid)[0]);
    process.kill(victim, 'SIGKILL');
    const { exitCode, stdout } = await infer.ended;
    expect(exitCode).toBe(4);
    const points = savedBench(path)?.points ?? [];
    const failed = points.filter(({ status }) => status === 'failed');
    expect(failed).toMatchObject([{ reason: { code: 'process-crashed', details: { signal: 'SIGKILL' } } }]);
    const rest = points.filter(({ status }) => status === 'ok');
    expect(rest.map(({ rounds }) => rounds.length)).toEqual([2]);
    expect(stdout).toMatch(/signal SIGKILL/);
    expect(childrenOf(infer.pid)).toEqual([]);
  });

  it('infer killed: its measuring processes end by themselves', async () => {
    const { infer, children } = await measuring('orphaned.json', ['--instances', '2']);
    process.kill(infer.pid, 'SIGKILL');
    expect((await infer.ended).signal).toBe('SIGKILL');
    await until('the end of the measuring processes', () => !children.some(isRunning));
  });
});

describe('a model that hangs', () => {
  it('is ended after --timeout; the good model beside it is measured, exit code 4', async () => {
    const path = join(files.folder, 'hanging.json');
    const hanging = files.write('hanging.onnx', loopModel(2n ** 40n));
    const infer = spawnInfer(['bench', model, hanging, '--timeout', '3s', ...quick, '-o', path]);
    running = infer;
    const seen = new Set<number>();
    await until('the end', () => {
      childrenOf(infer.pid).forEach((pid) => seen.add(pid));
      return infer.hasEnded();
    });
    const { exitCode, stdout } = await infer.ended;
    expect(exitCode).toBe(4);
    const [good, bad] = savedBench(path)?.points ?? [];
    expect(good).toMatchObject({ model, status: 'ok', latencyMs: { p50: { value: expect.any(Number) } } });
    expect(bad).toMatchObject({
      model: hanging,
      status: 'failed',
      latencyMs: null,
      reason: { code: 'process-timeout', details: { timeoutMs: 3000 } },
    });
    expect(stdout).toMatch(/raise --timeout/);
    expect(seen.size).toBeGreaterThan(0);
    expect([...seen].filter(isRunning)).toEqual([]);
  });
});
