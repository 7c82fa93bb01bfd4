import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { RuntimeError } from '../../src/errors.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { floats, GraphBuilder } from '../../src/onnx/graph-builder.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { insteadOfLoading, offByOne, OptimizingRuntime } from '../commands/optimizing.ts';
import { unknownOperatorModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';
import { modelIn, optimizeTrial, parseResult, refused } from './optimize-trial.ts';
import { classifier, voiceDetector } from './real-models.ts';

const files = temporaryFolder();
afterAll(files.remove);

let { folder, model, output, write, optimize } = optimizeTrial(files);
beforeEach(() => {
  ({ folder, model, output, write, optimize } = optimizeTrial(files));
});

describe('the comparison', () => {
  it('that fails: exit code 1, nothing written, the report kept', async () => {
    const report = join(folder, 'report.json');
    const runtime = new OptimizingRuntime({}, offByOne());
    const { exitCode, stdout } = await optimize([model, '-o', output, '--report', report], { runtime });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/linear\.onnx: nothing was written$/m);
    expect(stdout).toMatch(/DIFFERENT on 3 synthetic sets .*: 9 elements of 'y' by up to 1\.00; allowed is/);
    expect(parseResult(readFileSync(report, 'utf8'))).toMatchObject({ ok: false, output: null });
    expect(readdirSync(folder).toSorted()).toEqual(['linear.onnx', 'report.json']);
  });

  it('that fails and is accepted: the model is written, the exit code stays 1', async () => {
    const runtime = new OptimizingRuntime({}, offByOne());
    expect((await optimize([model, '-o', output, '--accept-worse'], { runtime })).exitCode).toBe(0);
    expect(modelIn(output).graph.nodeCount).toBe(1);
  });

  it('takes a tolerance', async () => {
    const runtime = () => ({ runtime: new OptimizingRuntime({}, offByOne()) });
    expect((await optimize([model, '--atol', '10', '--rtol', '0'], runtime())).exitCode).toBe(0);
  });

  it('is of no use for a model that does not run: exit code 4, unless nobody wants it', async () => {
    const path = write('unknown.onnx', unknownOperatorModel());
    const sentence = /unknown\.onnx does not run as it is: .*com\.example\.Frobnicate \(node 'node_7'\).*--no-verify/;
    expect(await optimize([path])).toEqual(refused(4, sentence));
    const { exitCode, stdout } = await optimize([path, '--no-verify']);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining('not compared (--no-verify)'),
    });
  });

  it('asks for what it needs, and says that it can be done without', async () => {
    const [rate, size] = [
      /input 'sr' .*--input sr=VALUE.*--no-verify/,
      /--shape x=.*--shape is for the comparison alone/,
    ];
    const o = ['-o', output];
    expect(await optimize([voiceDetector, '--shape', 'input=1x512', ...o])).toEqual(refused(2, rate));
    expect(await optimize([classifier, ...o])).toEqual(refused(2, size));
    const words = ['--shape', 'input=1x512', '--input', 'sr=16000', '--json', ...o];
    const { exitCode, stdout } = await optimize([voiceDetector, ...words]);
    expect(exitCode).toBe(0);
    expect(parseResult(stdout).verification).toMatchObject({ status: 'equal', fromData: 0, inputs: 3 });
  });
});

describe('exit codes', () => {
  const bench = ['--bench', '--budget', '1s'];

  it('4 with the model written and the result shown when --bench fails', async () => {
    const runMs = () => {
      throw new RuntimeError('run-failed', { model, provider: 'cpu', problem: 'no' });
    };
    const runtime = new OptimizingRuntime({ runMs });
    const { exitCode, stdout } = await optimize([model, '-o', output, ...bench], { runtime });
    expect(exitCode).toBe(4);
    expect(stdout).toMatch(/^Speedup +could not be measured: .*failed while running/m);
    expect(existsSync(output)).toBe(true);
  });

  it('130 with the model written and the result shown when --bench is interrupted', async () => {
    let interrupt = (): void => undefined;
    const runMs = () => {
      interrupt();
      throw new DOMException('This operation was aborted', 'AbortError');
    };
    const world = { runtime: new OptimizingRuntime({ runMs }), onInterrupt: (stop: () => void) => (interrupt = stop) };
    const { exitCode, stdout } = await optimize([model, '-o', output, ...bench], world);
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/^Speedup +not measured: interrupted/m);
    expect(existsSync(output)).toBe(true);
  });

  it('130 with one sentence and nothing written when interrupted before', async () => {
    let interrupt = (): void => undefined;
    const real = inProcessRunner();
    const runner = { ...real, load: (...words: Parameters<typeof real.load>) => (interrupt(), real.load(...words)) };
    const world = { runtime: new OptimizingRuntime({}, runner), onInterrupt: (stop: () => void) => (interrupt = stop) };
    expect(await optimize([model], world)).toEqual({
      exitCode: 130,
      stdout: '',
      stderr: 'interrupted before there was a result\n',
    });
    expect(readdirSync(folder)).toEqual(['linear.onnx']);
  });

  it('70 for a pass with a bug, which is named with its cause', async () => {
    const g = new GraphBuilder();
    const sum = g.op('Add', [g.constant('one', floats([1], [1])), g.constant('two', floats([1], [2]))]);
    g.output(g.op('Add', [g.input('x', 'float32', [1]), sum]), 'y', tensorType('float32', [1]));
    const path = write('foldable.onnx', encodeModel(g.model()));
    const runner = insteadOfLoading(() => {
      throw new TypeError('a bug');
    });
    const { exitCode, stdout, stderr } = await optimize([path], { runtime: new OptimizingRuntime({}, runner) });
    expect({ exitCode, stdout }).toEqual({ exitCode: 70, stdout: '' });
    expect(stderr).toMatch(/^PassError: pass fold-constants failed: a bug\n/);
    expect(stderr).toMatch(/\ncaused by TypeError: a bug\n +at .*\n[^]*This is a bug in infer/);
  });

  it('2 without a model, or with two', async () => {
    expect(await optimize([])).toEqual(refused(2, /MODEL is missing/));
    expect(await optimize([model, model])).toEqual(refused(2, /too many arguments/));
    expect(await optimize([join(folder, 'none.onnx')])).toEqual(refused(2, /none\.onnx: no such file/));
  });

  it('3 for a file that is no model', async () => {
    expect(await optimize([write('text.onnx', 'hello')])).toEqual(refused(3, /text\.onnx/));
    expect(await optimize([write('empty.onnx', '')])).toEqual(refused(3, /empty \(0 bytes\)/));
  });
});
