import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { classifier } from '../cli/real-models.ts';
import { addModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { savedBench } from './saved-bench.ts';
import { binary, quick, spawnInfer, spawnProgram } from './spawned-infer.ts';

const files = temporaryFolder();
afterAll(files.remove);

describe('infer bench on a real model', () => {
  it('measures a sweep, prints a table and writes the result', async () => {
    const path = join(files.folder, 'result.json');
    const words = ['bench', classifier, '--dim', 'x#2=48', '--dim', 'x#3=192', '--batch', '1,2', ...quick, '-o', path];
    const { exitCode, stdout, stderr } = await spawnInfer(words).ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringMatching(/^2 points, .*\n$/) });
    expect(stdout).toMatch(/^ch_ppocr_mobile_v2\.0_cls_infer\.onnx, cpu/);
    expect(stdout).toMatch(/^batch +p50/m);
    const result = savedBench(path);
    expect(result?.points.map(({ batch, status, rounds }) => [batch, status, rounds.length])).toEqual([
      [1, 'ok', 2],
      [2, 'ok', 2],
    ]);
    for (const { latencyMs, loadMs, peakRssBytes } of result?.points ?? []) {
      expect(latencyMs?.p50.value).toBeGreaterThan(0);
      expect(loadMs?.value).toBeGreaterThan(0);
      // The process holds at least Node and onnxruntime.
      expect(peakRssBytes).toBeGreaterThan(20e6);
    }
    expect(readdirSync(files.folder)).toEqual(['result.json']);
    const reported = await spawnInfer(['report', path]).ended;
    expect(reported).toEqual({ exitCode: 0, signal: null, stdout, stderr: '' });
  });

  it('takes a whole shape', async () => {
    const words = ['bench', classifier, '--shape', 'x=1x3x48x192', ...quick, '--json', '--quiet'];
    const { exitCode, stdout, stderr } = await spawnInfer(words).ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'bench', points: [{ batch: 1, status: 'ok' }] });
  });
});

describe('a reader that leaves early', () => {
  it.each(['stdout', 'stderr'] as const)('closing %s is no error: the file is written, exit code 0', async (stream) => {
    const model = files.write('add.onnx', addModel());
    const path = join(files.folder, `${stream}.json`);
    const infer = spawnInfer(['bench', model, ...quick, '-o', path]);
    infer.process[stream]?.destroy();
    const { exitCode, signal, stderr } = await infer.ended;
    expect({ exitCode, signal }).toEqual({ exitCode: 0, signal: null });
    expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
    expect(savedBench(path)?.points).toMatchObject([{ status: 'ok' }]);
  });

  it('| head -1', async () => {
    const { exitCode, stdout, stderr } = await spawnProgram('bash', [
      '-c',
      'set -o pipefail; "$0" "$1" config schema | head -1',
      process.execPath,
      binary,
    ]).ended;
    expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: '{\n', stderr: '' });
  });
});

describe('infer --help', () => {
  it('loads commander and nothing else from outside', async () => {
    const log = join(files.folder, 'loaded.txt');
    const hooks = new URL('./log-loaded-modules.mjs', import.meta.url).href;
    const env = { ...process.env, LOADED_MODULES_LOG: log };
    const words = ['--import', hooks, binary, '--help'];
    const { exitCode, stdout } = await spawnProgram(process.execPath, words, { env }).ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('Usage: infer') });
    const loaded = [...new Set(readFileSync(log, 'utf8').trim().split('\n'))];
    const ours = loaded.filter((file) => !file.includes('/node_modules/'));
    expect(loaded.filter((file) => !ours.includes(file) && !file.includes('/node_modules/commander/'))).toEqual([]);
    expect(ours.filter((file) => !/\/(bin\/infer|dist\/errors|dist\/cli\/[a-z-]+)\.js$/.test(file))).toEqual([]);
    // The log works: it has what must be there.
    expect(loaded.some((file) => file.endsWith('/dist/cli/main.js'))).toBe(true);
    expect(loaded.some((file) => file.includes('/node_modules/commander/'))).toBe(true);
    expect(ours.filter((file) => file.endsWith('-command.js'))).toEqual([]);
  });
});
