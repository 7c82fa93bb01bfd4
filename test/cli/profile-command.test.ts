import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { RuntimeError } from '../../src/errors.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import { parseProfile, profileTrial, twoKernels } from './profile-trial.ts';
import { scriptedRuntime } from './scripted-models.ts';

const files = temporaryFolder();
afterAll(files.remove);

describe('infer profile', () => {
  it('prints where the time goes, scaled to the latency without profiling', async () => {
    const { model, profile } = profileTrial(files);
    const { exitCode, stdout, stderr } = await profile([model]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^.*linear\.onnx on cpu: 1\.00 ms\n/);
    expect(stdout).toMatch(/\n +MatMul +1 +\S+ +\d/);
    expect(stdout).toContain('What would help');
  });

  it('gives JSON whose shares add up to 1 and times to the latency', async () => {
    const { model, profile } = profileTrial(files);
    const { stdout } = await profile([model, '--json', '--rounds', '3', '--runs', '10']);
    const { kernels, latencyMs, profiledRuns, rounds, command } = parseProfile(stdout);
    expect(kernels.reduce((sum, { share }) => sum + share.value, 0)).toBeCloseTo(1, 9);
    expect(kernels.reduce((sum, { timeMs }) => sum + timeMs.value, 0)).toBeCloseTo(latencyMs.value, 9);
    expect([profiledRuns, rounds]).toEqual([30, 3]);
    expect(command.slice(0, 2)).toEqual(['infer', 'profile']);
  });

  it('writes the result, a trace and a flame graph, each by its extension', async () => {
    const { folder, model, profile } = profileTrial(files);
    const at = (name: string) => join(folder, name);
    const { exitCode, stdout } = await profile(
      `${model} -o ${at('result.json')} --trace ${at('trace.json')} --flame ${at('flame.html')} -q`.split(' '),
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('linear.onnx on cpu');
    expect(parseProfile(readFileSync(at('result.json'), 'utf8')).kernels).toHaveLength(2);
    expect(readFileSync(at('trace.json'), 'utf8')).toContain('"traceEvents"');
    expect(readFileSync(at('flame.html'), 'utf8')).toMatch(/^<!doctype html>/);
    const again = await runInfer(['report', at('result.json')], { cwd: folder });
    expect(again.stdout).toBe(stdout);
    const later = ['--trace', at('later.json'), '--flame', at('later.html')];
    expect((await runInfer(['report', at('result.json'), ...later], { cwd: folder })).exitCode).toBe(0);
    expect(readFileSync(at('later.json'))).toEqual(readFileSync(at('trace.json')));
    expect(readFileSync(at('later.html'))).toEqual(readFileSync(at('flame.html')));
    const onto = await runInfer(['report', at('result.json'), '--trace', at('result.json')], { cwd: folder });
    expect(onto.exitCode).toBe(2);
    expect(onto.stderr).toContain('an input of this very command');
    await profile([model, '--flame', at('flame.json')]);
    expect(readFileSync(at('flame.json'), 'utf8')).toContain('speedscope.app/file-format-schema.json');
  });

  it('profiles another provider beside this one, in the same rounds', async () => {
    const { model, profile } = profileTrial(files);
    const { stdout } = await profile([model, '--compare', 'webgpu', '--json']);
    const { compared, ep, nodes } = parseProfile(stdout);
    expect([ep, compared?.subject.ep, compared?.ratio.value]).toEqual(['cpu', 'webgpu', 1]);
    expect(compared?.matched).toBe(1);
    expect(compared?.pairs.map(({ first, other }) => first === other)).toEqual(nodes.map(() => true));
  });

  it('profiles another model beside this one, and says that it is no variant', async () => {
    const { model, write, profile } = profileTrial(files);
    const other = write('other.onnx', readFileSync(model));
    const { stdout } = await profile([model, '--compare', other]);
    expect(stdout).toContain('Compared with other.onnx');
    expect(stdout).not.toContain('no variant of');
  });

  it('takes its options from the config, and flags over them', async () => {
    const { folder, model, profile } = profileTrial(files);
    const { write } = { write: (text: string) => files.write(join(folder.slice(files.folder.length), 'c.json'), text) };
    write(JSON.stringify({ profile: { models: [model], rounds: 4, runs: 11, threads: 1, roofs: false } }));
    const { stdout } = await profile(['--config', join(folder, 'c.json'), '--runs', '12', '--json']);
    expect(parseProfile(stdout)).toMatchObject({ rounds: 4, profiledRuns: 48, threads: 1, roofs: null });
  });

  it('keeps the rounds that were finished when it is interrupted, and says so', async () => {
    const { model, profile } = profileTrial(files);
    let interrupt = () => {};
    let blocks = 0;
    const runtime = scriptedRuntime({
      profileRuns: (_, request) => {
        blocks += 1;
        if (blocks === 2) interrupt();
        return twoKernels(request);
      },
    });
    const { exitCode, stdout } = await profile([model, '--json'], {
      runtime,
      onInterrupt: (call) => (interrupt = call),
    });
    expect(exitCode).toBe(130);
    expect(parseProfile(stdout).interrupted).toBe(true);
    expect(parseProfile(stdout).rounds).toBeLessThan(5);
  });

  it('says that a model is empty, whose profile has no kernel', async () => {
    const { model, profile } = profileTrial(files);
    const { exitCode, stdout } = await profile([model], { runtime: scriptedRuntime() });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('the profile tells of no kernel on cpu');
  });
});

describe('what cannot be profiled', () => {
  it.each<[readonly string[], number, RegExp]>([
    [['--compare', 'cpu'], 2, /--compare cpu makes no sense with --ep cpu: there is nothing to compare/],
    [['--compare', 'wbgpu'], 2, /--compare: there is no 'wbgpu'; did you mean 'webgpu'\?/],
    [['--compare', './nowhere.onnx'], 2, /nowhere\.onnx: no such file/],
    [['--ep', 'gpu'], 2, /--ep: there is no 'gpu'/],
    [['--runs', '0'], 2, /--runs: '0' is not a whole number/],
    [['--runs', '5000'], 2, /--runs: '5000' is not at most 1000/],
    [['--rounds', 'many'], 2, /--rounds/],
    [['--top', '0'], 2, /--top/],
    [['--trace', 'trace.txt'], 2, /--trace: 'trace\.txt' is not a file ending in \.json/],
    [['--flame', 'flame.svg'], 2, /--flame: 'flame\.svg' is not a file ending in \.html or \.json/],
    [['--dim', 'nope=3'], 2, /--dim nope: the model has no such dimension/],
  ])('%j', async (words, code, sentence) => {
    const { model, profile } = profileTrial(files);
    const { exitCode, stdout, stderr } = await profile([model, ...words]);
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(stderr).toMatch(sentence);
  });

  it('is told before anything is measured where two files are one, or an input would be replaced', async () => {
    const { folder, model, write, profile } = profileTrial(files);
    const file = join(folder, 'x.json');
    const twice = await profile([model, '-o', file, '--trace', file]);
    expect(twice.stderr).toMatch(/--trace makes no sense with --output: both would be written to/);
    expect([twice.exitCode, existsSync(file)]).toEqual([2, false]);
    const input = write('model.json', readFileSync(model));
    const replaced = await profile([input, '--flame', input]);
    expect(replaced).toMatchObject({ exitCode: 2, stdout: '' });
    expect(replaced.stderr).toContain('it is an input of this very command');
  });

  it('needs a model', async () => {
    const { folder } = profileTrial(files);
    const { exitCode, stderr } = await runInfer(['profile'], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('MODEL is missing');
  });

  it('is a model that fails to run', async () => {
    const { model, profile } = profileTrial(files);
    const runtime = scriptedRuntime({
      profileRuns: () => {
        throw new RuntimeError('process-crashed', { model, stage: 'profile', signal: 'SIGSEGV', exitCode: null });
      },
    });
    const { exitCode, stdout, stderr } = await profile([model], { runtime });
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toContain('the process died of signal SIGSEGV while timing its nodes');
  });

  it('is a provider that is not here', async () => {
    const { model, profile } = profileTrial(files);
    const runtime = scriptedRuntime({ unusable: { webgpu: { reason: 'no adapter', cure: 'install a driver' } } });
    for (const words of [
      ['--ep', 'webgpu'],
      ['--compare', 'webgpu'],
    ]) {
      const { exitCode, stderr } = await profile([model, ...words], { runtime });
      expect(exitCode).toBe(4);
      expect(stderr).toContain('provider webgpu cannot be used here: no adapter');
    }
  });
});
