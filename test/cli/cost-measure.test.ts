import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { RuntimeError } from '../../src/errors.ts';
import type { ScriptedRun } from '../../src/runtime/scripted.ts';
import { linearModel } from '../models/small-models.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { CostTrial, optionOf } from './cost-trial.ts';
import { batchOf, rowsSignature, scriptedRuntime } from './scripted-models.ts';

const files = temporaryFolder();
afterAll(files.remove);
/** Only hashed: the scripted runtime says how long it takes. */
const model = files.write('linear.onnx', linearModel());

let trial = new CostTrial('');
beforeEach(() => {
  const folder = join(files.folder, crypto.randomUUID());
  mkdirSync(folder);
  trial = new CostTrial(folder);
});

/** The server of the published formulas. */
const runMs = (run: ScriptedRun) => 3.5 + 1.25 * batchOf(run);
const onGolden = ['--measured-on', 'c7i.2xlarge', '--instance', 'c7i.2xlarge', '--purchase', 'on-demand'];

describe('a model that is measured first', () => {
  it('costs what its runs say', async () => {
    const runtime = scriptedRuntime({ runMs });
    const words = [model, ...onGolden, '--threads', '8', '--batch', '8', '--quiet'];
    const result = await trial.resultOf(words, { runtime });
    expect(optionOf(result, 'c7i.2xlarge').usdPerMillion.value).toBeCloseTo(0.27891, 4);
    expect(result.models).toMatchObject([{ label: 'linear.onnx', path: model }]);
    expect(result.curves[0]?.points.map(({ batch }) => batch)).toEqual([1, 2, 4, 8, 16, 32]);
    expect(runtime.openSessions).toBe(0);
  });

  it('is measured at the batches, threads and processes that are asked for, and at the one to serve with', async () => {
    const { curves } = await trial.resultOf(
      [model, ...onGolden, '--measure-batch', '1,4', '--batch', '3', '--threads', '1,2', '--measure-instances', '2'],
      { runtime: scriptedRuntime({ runMs }) },
    );
    expect(
      curves.map(({ threads, instances, points }) => [threads, instances, points.map(({ batch }) => batch)]),
    ).toEqual([
      [1, 2, [1, 3, 4]],
      [2, 2, [1, 3, 4]],
    ]);
  });

  it('says the plan on stderr, and what disturbed it in the result', async () => {
    const { exitCode, stderr, stdout } = await trial.run([model, ...onGolden, '--budget', '10s'], {
      runtime: scriptedRuntime({ runMs }),
    });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^6 points, at least \d rounds of \d+ runs or more: about [\d.]+ s.*\n$/);
    expect(stdout).toMatch(/no load was given/);
  });

  it('may fix its batch: then that is measured alone', async () => {
    const signature = () => ({
      ...rowsSignature,
      inputs: [{ name: 'x', type: 'float32' as const, shape: [3, 4] }],
    });
    const result = await trial.resultOf([model, ...onGolden], { runtime: scriptedRuntime({ runMs, signature }) });
    expect(result.curves.map(({ points }) => points.map(({ batch }) => batch))).toEqual([[3]]);
  });

  it('is told beside saved results of others', async () => {
    const saved = (await import('./cost-trial.ts')).serverResult();
    trial.write('r.json', saved);
    const { models } = await trial.resultOf(['r.json', model, ...onGolden], { runtime: scriptedRuntime({ runMs }) });
    expect(models.map(({ label }) => label)).toEqual(['fp32.onnx', 'linear.onnx']);
  });
});

describe('points that do not run', () => {
  const failing = (batches: readonly number[]) => (run: ScriptedRun) => {
    if (!batches.includes(batchOf(run))) return runMs(run);
    throw new RuntimeError('process-crashed', { model, stage: 'run', signal: 'SIGSEGV', exitCode: null });
  };

  it('are left out, and the exit code says that they were asked for', async () => {
    const { exitCode, stdout } = await trial.run([model, ...onGolden, '--json'], {
      runtime: scriptedRuntime({ runMs: failing([32]) }),
    });
    expect(exitCode).toBe(4);
    expect(stdout).toContain('"points-left-out"');
  });

  it('at any batch leave no cost to tell', async () => {
    const { exitCode, stderr, stdout } = await trial.run([model, ...onGolden, '--quiet'], {
      runtime: scriptedRuntime({ runMs: failing([1, 2, 4, 8, 16, 32]) }),
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toMatch(/linear\.onnx.*the process died of signal SIGSEGV/);
  });
});

it('Ctrl-C while it measures ends with 130 and no half result', async () => {
  let interrupt = () => undefined as void;
  const runtime = scriptedRuntime({
    runMs: (run) => {
      if (runtime.opened.length > 4) interrupt();
      return runMs(run);
    },
  });
  const { exitCode, stdout, stderr } = await trial.run([model, ...onGolden, '--quiet'], {
    runtime,
    onInterrupt: (callback) => {
      interrupt = callback;
    },
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
  expect(stderr).toMatch(/interrupted before there was a result/);
});

it('a route to a model that there is not is told before anything is measured', async () => {
  const runtime = scriptedRuntime({ runMs });
  const { exitCode, stderr } = await trial.run([model, '--route', 'linear.onnx,large.onnx', '--escalate', '0.1'], {
    runtime,
  });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/--route: no result has a model 'large\.onnx'/);
  expect(runtime.opened).toEqual([]);
});
