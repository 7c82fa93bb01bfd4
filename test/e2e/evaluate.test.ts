import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { columnsModel, decisionsNpz, labeledDecisions, parseResult } from '../cli/evaluate-trial.ts';
import { buildNpy } from '../data/build-npy.ts';
import { buildZip } from '../data/build-zip.ts';
import { loopModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { childrenOf, isRunning, spawnInfer, until } from './spawned-infer.ts';
import type { Spawned } from './spawned-infer.ts';

const files = temporaryFolder();
afterAll(files.remove);

let running: Spawned | null = null;
/** A test that failed leaves nothing behind. */
afterEach(() => {
  if (running?.hasEnded() === false) process.kill(running.pid, 'SIGKILL');
});

/** A folder with a model in it that takes a while for each of many samples. */
function slowTrial() {
  const folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  const [model, data] = [join(folder, 'slow.onnx'), join(folder, 'd.npz')];
  writeFileSync(model, loopModel(10_000n));
  const labels = buildNpy('<f4', [100_000], new Float32Array(100_000));
  const x = buildNpy('<f4', [100_000, 1], new Float32Array(100_000));
  writeFileSync(
    data,
    buildZip([
      { name: 'x.npy', data: x },
      { name: 'label.npy', data: labels },
    ]),
  );
  return { folder, words: ['evaluate', model, '--data', data, '--metric', 'mse', '--task', 'regression'] };
}

/** Zero for a process that has ended since it was listed. */
function processorSeconds(pid: number): number {
  const { stdout } = spawnSync('ps', ['-o', 'cputimes=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(stdout);
}

/** An evaluation that has been running its model for a second or more: some thousand samples of the slow one. */
async function evaluating(words: readonly string[]) {
  const infer = spawnInfer(words, { detached: true });
  running = infer;
  const child = await until('a process that runs the model', () =>
    childrenOf(infer.pid).find((pid) => processorSeconds(pid) >= 2),
  );
  return { infer, child };
}

describe('infer evaluate', () => {
  it('scores two models in a process of their own and says which is worse', async () => {
    const head = files.write('head.onnx', columnsModel(0));
    const base = files.write('base.onnx', columnsModel(3));
    const data = files.write('data.npz', decisionsNpz(labeledDecisions(400, 300)));
    const output = join(files.folder, 'result.json');
    const words = [head, '--data', data, '--reference', base, '--max-drop', '5pt', '-o', output];
    const { exitCode, stdout, stderr } = await spawnInfer(['eval', ...words]).ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toMatch(/^accuracy +75\.0 % \[.*worse$/m);
    const result = parseResult(readFileSync(output, 'utf8'));
    expect(result).toMatchObject({ verdict: 'fail', samples: 400, metrics: [{ value: { value: 0.75 } }, {}] });
    expect(result.throughput.itemsPerSecond).toBeGreaterThan(0);
    expect((await spawnInfer(['report', output]).ended).stdout).toBe(stdout);
  });

  it.each([
    ['SIGINT', 'group'],
    ['SIGTERM', 'parent'],
  ] as const)('that gets %s sent to the %s shows and saves what was scored: exit code 130', async (signal, to) => {
    const { folder, words } = slowTrial();
    const output = join(folder, 'half.json');
    const { infer, child } = await evaluating([...words, '-o', output]);
    process.kill(to === 'group' ? -infer.pid : infer.pid, signal);
    const { exitCode, stdout, stderr } = await infer.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 130, stderr: '' });
    expect(stdout).toMatch(/ of 100,000 samples \(interrupted\)$/m);
    const { interrupted, samples, metrics } = parseResult(readFileSync(output, 'utf8'));
    expect({ interrupted, metrics }).toMatchObject({ interrupted: true, metrics: [{ name: 'mse', samples }] });
    expect(samples).toBeGreaterThan(0);
    expect(isRunning(child)).toBe(false);
    expect(readdirSync(folder).toSorted()).toEqual(['d.npz', 'half.json', 'slow.onnx']);
  });

  it('whose process is killed says so: exit code 4, nothing written', async () => {
    const { folder, words } = slowTrial();
    const { infer, child } = await evaluating([...words, '-o', join(folder, 'result.json')]);
    process.kill(child, 'SIGKILL');
    const { exitCode, stdout, stderr } = await infer.ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toMatch(/^error: .*slow\.onnx: the process died of signal SIGKILL while running; [^\n]*\n$/);
    expect(readdirSync(folder).toSorted()).toEqual(['d.npz', 'slow.onnx']);
  });
});
