import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { benchResultSchema } from '../../src/bench/bench-result.ts';
import type { BenchResult } from '../../src/bench/bench-result.ts';
import { RuntimeError } from '../../src/errors.ts';
import type { ScriptedRun } from '../../src/runtime/scripted.ts';
import { linearModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import type { Outcome, World } from './buffered-io.ts';
import { batchOf, floats, rowsSignature, scriptedRuntime } from './scripted-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
/** Only hashed: the scripted runtime says what it holds. */
const model = files.write('linear.onnx', linearModel());

function bench(words: readonly string[], world: World = {}): Promise<Outcome> {
  return runInfer(['bench', model, ...words], { runtime: scriptedRuntime(), ...world });
}

const parseBench = (text: string): BenchResult => benchResultSchema.parse(JSON.parse(text));
const readBench = (path: string) => parseBench(readFileSync(path, 'utf8'));
const freshPath = (name: string) => {
  const folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  return join(folder, name);
};

/** Fails every run of a batch, as a process that died does. */
function failBatch(batch: number) {
  return (run: ScriptedRun) => {
    if (batchOf(run) !== batch) return batchOf(run);
    throw new RuntimeError('process-crashed', { model, stage: 'run', signal: 'SIGSEGV', exitCode: null });
  };
}

describe('what goes where', () => {
  it('prints the table on stdout, and the plan alone on stderr', async () => {
    const { exitCode, stdout, stderr } = await bench(['--batch', '1,4']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^linear\.onnx, cpu/);
    expect(stdout).toMatch(/^ +1 +1\.00 /m);
    expect(stdout).toMatch(/^ +4 +4\.00 /m);
    expect(stdout).not.toContain('\u001B');
    expect(stderr).toMatch(/^2 points, at least 3 rounds of \d+ runs or more: about [\d.]+ s.*\n$/);
  });

  it('says 1 point, not 1 points', async () => {
    expect((await bench([])).stderr).toMatch(/^1 point, /);
  });

  it.each(['--quiet', '-q'])('%s keeps stderr silent and stdout as it is', async (flag) => {
    const { stdout, stderr } = await bench([flag]);
    expect(stderr).toBe('');
    expect(stdout).toBe((await bench([])).stdout);
  });

  it('prints valid JSON and nothing else with --json', async () => {
    const { exitCode, stdout } = await bench(['--batch', '1,4', '--json']);
    expect(exitCode).toBe(0);
    const result = parseBench(stdout);
    expect(result).toMatchObject({
      kind: 'bench',
      command: ['infer', 'bench', model, '--batch', '1,4', '--json'],
      createdAt: '2025-03-04T05:06:07.000Z',
      interrupted: false,
    });
    // A run of the script takes as many ms as its batch: p50 is 1 and 4 ms, both 1,000 rows a second.
    expect(result.points.map(({ batch, latencyMs }) => [batch, latencyMs?.p50.value])).toEqual([
      [1, expect.closeTo(1, 9)],
      [4, expect.closeTo(4, 9)],
    ]);
    for (const { throughput } of result.points) expect(throughput?.itemsPerSecond.value).toBeCloseTo(1000, 6);
    expect((await bench(['--batch', '1,4', '--format', 'json'])).stdout).toContain('"kind": "bench"');
  });

  it('colors a terminal, unless NO_COLOR is set', async () => {
    const colored = (await bench([], { isTTY: true })).stdout;
    const plain = (await bench([], { isTTY: true, env: { NO_COLOR: '1' } })).stdout;
    expect(colored).toContain('\u001B[1m');
    expect(plain).not.toContain('\u001B');
    expect(stripVTControlCharacters(colored)).toBe(plain);
  });
});

describe('the config file', () => {
  it('gives models and settings; flags win', async () => {
    const cwd = files.folder;
    const config = files.write('bench.yaml', `bench: { models: ['${model}'], batch: [2, 3], seed: 7, format: json }`);
    const world = { cwd, runtime: scriptedRuntime() };
    const fromConfig = parseBench((await runInfer(['bench', '--config', config], world)).stdout);
    expect(fromConfig.points.map(({ batch }) => batch)).toEqual([2, 3]);
    expect(fromConfig.settings.seed).toBe(7);
    const flagged = await runInfer(['bench', '--config', config, '--batch', '5', '--seed', '1'], world);
    expect(parseBench(flagged.stdout)).toMatchObject({ points: [{ batch: 5 }], settings: { seed: 1 } });
    expect((await runInfer(['bench', '--config', config, '--format', 'csv'], world)).stdout).toMatch(/^model,/);
  });

  it('has a taste for stdout, but -o FILE goes by its extension', async () => {
    const config = files.write('format.yaml', 'bench: { format: csv }');
    const path = freshPath('result.json');
    expect((await bench(['--config', config, '-o', path])).stdout).toMatch(/^model,/);
    expect(readBench(path).points).toHaveLength(1);
  });

  it('is held to its budget like --budget', async () => {
    const config = files.write('budget.json', '{"bench":{"budget":"5s"}}');
    const budgetIsHard = async (words: string[]) =>
      parseBench((await bench([...words, '--json'])).stdout).settings.budgetIsHard;
    expect(await budgetIsHard(['--config', config])).toBe(true);
    expect(await budgetIsHard(['--budget', '5s'])).toBe(true);
    expect(await budgetIsHard([])).toBe(false);
  });

  it.each([
    ['{"bench":{"format":"xml"}}', '--format'],
    ['{"bench":{"optimization":"most"}}', '--optimization'],
    ['{"bench":{"batch":0}}', '--batch'],
  ])('is checked like flags: %s', async (text, flag) => {
    const { exitCode, stderr } = await bench(['--config', files.write('bad.json', text)]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: [^\n]*\n$/);
    expect(stderr).toContain(flag);
  });
});

describe('-o', () => {
  it.each([
    ['result.json', /^\{\n {2}"schemaVersion": 1/],
    ['result.csv', /^model,/],
    ['result.md', /^\|.*\|$/m],
    ['result.JSON', /^\{/],
  ])('%s: the format follows the extension, stdout keeps the table', async (name, pattern) => {
    const path = freshPath(name);
    const { exitCode, stdout } = await bench(['-o', path]);
    expect(exitCode).toBe(0);
    expect(readFileSync(path, 'utf8')).toMatch(pattern);
    expect(stdout).toBe((await bench([])).stdout);
    expect(readdirSync(join(path, '..'))).toEqual([name]);
  });

  it('--format wins over the extension', async () => {
    const path = freshPath('result.json');
    const { stdout } = await bench(['-o', path, '--format', 'csv']);
    expect(readFileSync(path, 'utf8')).toMatch(/^model,/);
    expect(stdout).toMatch(/^linear\.onnx, cpu/);
  });

  it('--format decides where the extension says nothing', async () => {
    const path = freshPath('result');
    await bench(['-o', path, '--json']);
    expect(readBench(path).points).toHaveLength(1);
  });

  it.each(['result', 'result.xlsx', 'result.'])('%s without --format is refused before anything runs', async (name) => {
    const runtime = scriptedRuntime();
    const { exitCode, stdout, stderr } = await bench(['-o', freshPath(name)], { runtime });
    expect({ exitCode, stdout, opened: runtime.opened }).toEqual({ exitCode: 2, stdout: '', opened: [] });
    expect(stderr).toMatch(/^error: --output: .*\.json.*--format\n$/);
  });

  it('makes the folder, and replaces an older file', async () => {
    const path = join(freshPath('new'), 'folder', 'result.json');
    await bench(['-o', path, '--batch', '1']);
    await bench(['-o', path, '--batch', '2']);
    expect(readBench(path).points.map(({ batch }) => batch)).toEqual([2]);
  });
});

describe('-o never replaces what is read', () => {
  it('not the model, neither by its name nor through a link', async () => {
    const before = readFileSync(model);
    const link = freshPath('link.json');
    symlinkSync(model, link);
    for (const path of [model, link]) {
      const { exitCode, stdout, stderr } = await bench(['-o', path, '--json']);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain('an input of this very command');
    }
    expect(readFileSync(model)).toEqual(before);
  });

  it('not a result that is reported', async () => {
    const path = freshPath('result.json');
    await bench(['-o', path]);
    const before = readFileSync(path, 'utf8');
    expect((await runInfer(['report', path, '-o', path, '--format', 'csv'])).exitCode).toBe(2);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('not a trace of what was not profiled', async () => {
    const path = freshPath('result.json');
    await bench(['-o', path]);
    const { exitCode, stdout, stderr } = await runInfer(['report', path, '--trace', freshPath('trace.json')]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('--trace makes no sense with a bench result: only infer profile tells when');
  });
});

describe('flags given twice', () => {
  it('a provider counts once', async () => {
    expect(parseBench((await bench(['--ep', 'cpu,cpu', '--json'])).stdout).points).toHaveLength(1);
  });

  it.each([
    ['--dim', 'batch=1', 'batch=2'],
    ['--shape', 'x=1x4', 'x=2x4'],
    ['--input', 'x=1', 'x=2'],
  ])('%s for one name is refused: neither may be dropped unsaid', async (flag, first, second) => {
    const { exitCode, stderr } = await bench([flag, first, flag, second]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(new RegExp(`^error: ${flag}: '${second}' is not the only one for '\\w+'; give it once\\n$`));
  });
});

describe('exit codes', () => {
  it('4 when a point failed, with the results of the others', async () => {
    const path = freshPath('result.json');
    const runtime = scriptedRuntime({ runMs: failBatch(2) });
    const { exitCode, stdout } = await bench(['--batch', '1,2,4', '-o', path], { runtime });
    expect(exitCode).toBe(4);
    const { points } = readBench(path);
    expect(points.map(({ batch, status }) => [batch, status])).toEqual([
      [1, 'ok'],
      [2, 'failed'],
      [4, 'ok'],
    ]);
    expect(points[0]?.latencyMs?.p50.value).toBeCloseTo(1, 9);
    expect(points[1]).toMatchObject({ latencyMs: null, reason: { code: 'process-crashed' } });
    expect(points[2]?.latencyMs?.p50.value).toBeCloseTo(4, 9);
    expect(stdout).toMatch(/died of signal SIGSEGV/);
    expect(runtime.openSessions).toBe(0);
  });

  it('0 when points were only skipped', async () => {
    const signature = () => ({ ...rowsSignature, inputs: [{ name: 'x', type: 'float32' as const, shape: [1, 4] }] });
    const { exitCode, stdout } = await bench(['--batch', '1,8', '--json'], { runtime: scriptedRuntime({ signature }) });
    expect(exitCode).toBe(0);
    expect(parseBench(stdout).points.map(({ status, reason }) => [status, reason?.code])).toEqual([
      ['ok', undefined],
      ['skipped', 'fixed-batch'],
    ]);
  });

  it('1 with --verify when outputs differ from those of the CPU, else 0', async () => {
    const outputs = ({ options }: ScriptedRun) => ({ y: floats(options.provider === 'cpu' ? 1 : 1.5) });
    const run = (...words: string[]) =>
      bench(['--ep', 'cpu,cuda', '--json', ...words], { runtime: scriptedRuntime({ outputs }) });
    const verified = await run('--verify');
    expect(verified.exitCode).toBe(1);
    expect(parseBench(verified.stdout).points.map(({ outputsMatchCpu }) => outputsMatchCpu)).toEqual([null, false]);
    expect((await run()).exitCode).toBe(0);
    expect((await run('--verify', '--atol', '1')).exitCode).toBe(0);
  });

  it('4 rather than 1 when a point failed and outputs differ', async () => {
    const outputs = ({ options }: ScriptedRun) => ({ y: floats(options.provider === 'cpu' ? 1 : 1.5) });
    const runtime = scriptedRuntime({ outputs, runMs: failBatch(2) });
    expect((await bench(['--ep', 'cpu,cuda', '--batch', '1,2', '--verify'], { runtime })).exitCode).toBe(4);
  });

  it('a provider that is missing: skipped in a list, 4 when it is alone or with --strict-ep', async () => {
    const world = () => ({
      runtime: scriptedRuntime({ unusable: { cuda: { reason: 'no driver', cure: 'get one' } } }),
    });
    const listed = await bench(['--ep', 'cpu,cuda', '--json'], world());
    expect(listed.exitCode).toBe(0);
    expect(parseBench(listed.stdout).points.map(({ ep, status }) => [ep, status])).toEqual([
      ['cpu', 'ok'],
      ['cuda', 'skipped'],
    ]);
    for (const words of [
      ['--ep', 'cuda'],
      ['--ep', 'cpu,cuda', '--strict-ep'],
    ])
      expect(await bench(words, world())).toEqual({
        exitCode: 4,
        stdout: '',
        stderr: 'error: provider cuda cannot be used here: no driver; get one\n',
      });
  });

  it('130 when interrupted, with the finished rounds shown and saved', async () => {
    const path = freshPath('result.json');
    let interrupt = (): void => undefined;
    const savedBefore: unknown[] = [];
    // Session 0 reads the signature, 1 probes, 2 is the first round, 3 the second.
    const runMs = (run: ScriptedRun) => {
      if (run.opened < 3) return 1;
      savedBefore.push(readBench(path).points[0]?.rounds.length);
      interrupt();
      throw new DOMException('This operation was aborted', 'AbortError');
    };
    const runtime = scriptedRuntime({ runMs });
    const { exitCode, stdout } = await bench(['--batch', '1', '-o', path], {
      runtime,
      onInterrupt: (callback) => (interrupt = callback),
    });
    expect(exitCode).toBe(130);
    // The file was there before the signal came.
    expect(savedBefore).toEqual([1]);
    const result = readBench(path);
    expect(result).toMatchObject({ interrupted: true, points: [{ status: 'ok', latencyMs: { p50: { value: 1 } } }] });
    expect(result.points[0]?.rounds).toHaveLength(1);
    expect(stdout).toMatch(/^linear\.onnx, cpu/);
    expect(runtime.openSessions).toBe(0);
  });

  it('130 with one sentence when interrupted before anything was measured', async () => {
    const path = freshPath('result.json');
    const runtime = scriptedRuntime({
      runMs: () => {
        throw new DOMException('This operation was aborted', 'AbortError');
      },
    });
    const { exitCode, stdout, stderr } = await bench(['-o', path], { runtime });
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 130,
      stdout: '',
      stderr: 'interrupted before there was a result\n',
    });
    expect(existsSync(path)).toBe(false);
    expect(runtime.openSessions).toBe(0);
  });
});

describe('--device', () => {
  it('chooses the GPU of cuda, for sessions and for nvidia-smi', async () => {
    const runtime = scriptedRuntime();
    const { exitCode, stdout } = await bench(['--ep', 'cuda', '--device', '1', '--json'], { runtime });
    expect(exitCode).toBe(0);
    expect(parseBench(stdout).points[0]?.gpu?.device).toBe(1);
    expect(runtime.opened.filter(({ provider }) => provider === 'cuda').every(({ device }) => device === 1)).toBe(true);
  });

  it.each([
    [['--device', '1'], '--device makes no sense with --ep cpu: only cuda and tensorrt take the number of a GPU'],
    [['--ep', 'cuda', '--device', '-1'], "--device: '-1'"],
    [['--ep', 'cuda', '--device', 'GPU-5d5ba0d6'], "--device: 'GPU-5d5ba0d6'"],
  ])('refuses %j', async (words, sentence) => {
    const { exitCode, stderr } = await bench(words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(sentence);
  });
});
