import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import { decisionsNpz, evaluateTrial, labeledDecisions, parseResult } from './evaluate-trial.ts';
import { refused } from './optimize-trial.ts';

const files = temporaryFolder();
afterAll(files.remove);

let { folder, head, base, write, evaluate } = evaluateTrial(files);
beforeEach(() => {
  ({ folder, head, base, write, evaluate } = evaluateTrial(files));
});

/** Data of which the head gets so many right and the base all. */
function data(count: number, headRight: number): string {
  return write('data.npz', decisionsNpz(labeledDecisions(count, headRight)));
}

describe('the figures', () => {
  it('are those of the confusion that the data were made with', async () => {
    const { exitCode, stdout, stderr } = await evaluate([head, '--data', data(20, 15), '--json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const result = parseResult(stdout);
    expect(result).toMatchObject({
      kind: 'evaluate',
      command: ['infer', 'evaluate', head, '--data', join(folder, 'data.npz'), '--json'],
      task: { name: 'classification', asked: false, reason: 'class-labels', output: 'scores' },
      data: { path: join(folder, 'data.npz'), size: 20, labeled: true },
      settings: { ep: 'cpu', threads: 2, batch: 64, optimization: 'all', seed: 0 },
      samples: 20,
      verdict: null,
      interrupted: false,
      warnings: [],
    });
    const [accuracy, f1, ...more] = result.metrics;
    // Wilson, "Probable inference", 1927, of 15 of 20 at z = 1.96.
    expect(accuracy?.value?.value).toBe(0.75);
    expect(accuracy?.value?.low).toBeCloseTo(0.5313, 4);
    expect(accuracy?.value?.high).toBeCloseTo(0.8881, 4);
    // Wrong are labels 0, 1, 2, 0, 1, told as 1, 2, 0, 1, 2: each class is hit 5 times.
    const score = (missed: number, falsely: number) => (2 * 5) / (2 * 5 + missed + falsely);
    expect(f1).toMatchObject({ name: 'macro-f1', reference: null });
    expect(f1?.value?.value).toBeCloseTo((score(2, 1) + score(2, 2) + score(1, 2)) / 3, 12);
    expect(more).toEqual([]);
  });

  it.each(['1', '7', '64'])('are the same in batches of %s', async (batch) => {
    const words = [head, '--data', data(50, 31), '--reference', base, '--json'];
    const expected = parseResult((await evaluate(words)).stdout);
    const found = parseResult((await evaluate([...words, '--batch', batch])).stdout);
    expect(found.settings.batch).toBe(Number(batch));
    expect({ ...found, command: [], settings: null }).toEqual({ ...expected, command: [], settings: null });
  });

  it('are of the samples that the seed chooses', async () => {
    const path = data(200, 100);
    const run = async (...words: readonly string[]) =>
      parseResult((await evaluate([head, '--data', path, '--json', '--samples', '40', ...words])).stdout);
    const [first, again, other] = [await run(), await run('--seed', '0'), await run('--seed', '1')];
    expect(first).toMatchObject({ samples: 40, data: { size: 200 }, settings: { samples: 40 } });
    expect(again.metrics).toEqual(first.metrics);
    expect(other.metrics).not.toEqual(first.metrics);
    expect(await run('--samples', '999')).toMatchObject({ samples: 200, metrics: [{ value: { value: 0.5 } }, {}] });
  });

  it('are those that --task, --metric and --top-k name', async () => {
    const words = [head, '--data', data(20, 15), '--json', '--metric', 'macro-f1', '--metric', 'top-k,accuracy'];
    const { task, metrics } = parseResult(
      (await evaluate([...words, '--top-k', '2', '--task', 'classification', '--output-name', 'scores'])).stdout,
    );
    expect(task).toMatchObject({ name: 'classification', asked: true, reason: 'asked' });
    expect(metrics.map(({ name }) => name)).toEqual(['macro-f1', 'top2', 'accuracy']);
  });
});

describe('beside a reference', () => {
  it('come the difference and the paired test of it', async () => {
    const { exitCode, stdout } = await evaluate([head, '--data', data(20, 15), '--reference', base, '--json']);
    expect(exitCode).toBe(0);
    const { metrics, closeness, closenessTo, reference } = parseResult(stdout);
    expect(reference).toMatchObject({ path: base, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(metrics[0]).toMatchObject({
      name: 'accuracy',
      value: { value: 0.75 },
      // Five samples that only the reference gets right: McNemar's exact test, 2 * 2^-5.
      reference: {
        value: { value: 1 },
        difference: { value: -0.25 },
        test: { name: 'mcnemar', p: expect.closeTo(0.0625, 12) },
      },
    });
    expect(closenessTo).toBe('reference');
    expect(closeness).toMatchObject([{ output: 'scores', exact: false, argmaxAgreement: { value: 0.75 } }]);
  });

  it('labels are not needed', async () => {
    const decisions = labeledDecisions(20, 15).map((decision) => ({ head: decision.head, base: decision.base }));
    const path = write('unlabeled.npz', decisionsNpz(decisions));
    const { exitCode, stdout } = await evaluate([head, '--data', path, '--reference', base, '--json']);
    expect(exitCode).toBe(0);
    expect(parseResult(stdout)).toMatchObject({
      data: { labeled: false },
      metrics: [],
      closeness: [{ argmaxAgreement: { value: 0.75 } }],
    });
    const limited = await evaluate([head, '--data', path, '--reference', base, '--json', '--max-drop', '60pt']);
    expect(parseResult(limited.stdout)).toMatchObject({
      drop: { of: 'argmax-agreement', drop: { value: 0.25 }, verdict: 'pass' },
    });
  });

  it('a model that is the reference itself equals it to the last bit', async () => {
    const { stdout } = await evaluate([head, '--data', data(20, 15), '--reference', head]);
    expect(stdout).toMatch(/^scores +exact/m);
    expect(stdout).toMatch(/^accuracy .* no difference shown$/m);
  });
});

describe('the verdict', () => {
  // Of 400 samples, 100 are worse: a drop of 25 points, give or take 4.
  const limited = async (limit: string, ...words: readonly string[]) =>
    evaluate([head, '--data', data(400, 300), '--reference', base, '--max-drop', limit, ...words]);

  it.each([
    ['40pt', 0, /^PASS: drop of accuracy 25\.0 pt \[.*\] is within the limit; 40 pt is allowed$/m],
    ['40%', 0, /^PASS: drop of accuracy 25\.0 % \[.*\] of the reference's is within the limit; 40 % is allowed$/m],
    ['0.4', 0, /^PASS: drop of accuracy 0\.250 \[.*\] is within the limit; 0\.4 is allowed$/m],
    ['5pt', 1, /^FAIL: drop of accuracy 25\.0 pt \[.*\] misses the limit; 5 pt is allowed$/m],
    [
      '24pt',
      0,
      /^INCONCLUSIVE: drop of accuracy .* 400 samples are too few, about [\d,]+ would decide; 24 pt is allo/m,
    ],
  ])('of a limit of %s exits with %i', async (limit, expected, pattern) => {
    const { exitCode, stdout } = await limited(limit);
    expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: expect.stringMatching(pattern) });
  });

  it('that is not reached: a warning, exit code 5 or neither', async () => {
    const warned = await limited('24pt');
    expect(warned.stdout).toMatch(/^! 400 samples are too few for a verdict on accuracy: about [\d,]+ would decide/m);
    const failed = await limited('24pt', '--on-inconclusive', 'fail');
    expect(failed.exitCode).toBe(5);
    expect(failed.stdout).toBe(warned.stdout);
    const passed = await limited('24pt', '--on-inconclusive', 'pass', '--json');
    expect(passed.exitCode).toBe(0);
    expect(parseResult(passed.stdout)).toMatchObject({ verdict: 'inconclusive', warnings: [] });
  });

  it('goes by the samples that would decide', async () => {
    const { samplesToDecide } = parseResult((await limited('24pt', '--json')).stdout).drop ?? {};
    const needed = samplesToDecide ?? 0;
    expect(needed).toBeGreaterThan(400);
    const count = 4 * Math.ceil(needed / 4);
    const words = [head, '--data', data(count, (3 * count) / 4), '--reference', base, '--max-drop', '24pt'];
    expect((await evaluate(words)).exitCode).toBe(1);
  });

  it('of --min-sqnr is that of the farthest output', async () => {
    const words = [head, '--data', data(50, 45), '--reference', base, '--json', '--min-sqnr'];
    const near = await evaluate([...words, '1']);
    expect(near.exitCode).toBe(0);
    expect(parseResult(near.stdout)).toMatchObject({ sqnr: { output: 'scores', verdict: 'pass' }, verdict: 'pass' });
    const far = await evaluate([...words, '60']);
    expect(far.exitCode).toBe(1);
    expect(parseResult(far.stdout)).toMatchObject({ goal: { maxDrop: null, minSqnrDb: 60 }, verdict: 'fail' });
  });
});

describe('the result', () => {
  it('is drawn again by infer report, in every format', async () => {
    const words = [head, '--data', data(20, 15), '--reference', base];
    const saved = write('result.json', (await evaluate([...words, '--json'])).stdout);
    expect(await runInfer(['report', saved])).toEqual(await evaluate(words));
    for (const format of ['markdown', 'csv'])
      expect(await runInfer(['report', saved, '--format', format])).toEqual(
        await evaluate([...words, '--format', format]),
      );
  });

  it.each([
    ['result.json', /^\{\n {2}"schemaVersion": 1/],
    ['result.md', /^\*\*.*head\.onnx on /],
    ['result.csv', /^model,referenceModel,data,task,kind,name/],
    ['result.txt', /head\.onnx on .*: 20 samples/],
  ])('goes to -o %s by its extension', async (name, pattern) => {
    const { exitCode, stdout } = await evaluate([head, '--data', data(20, 15), '-o', join(folder, 'new', name)]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^accuracy +75\.0 % \[53\.1, 88\.8\]$/m);
    expect(readFileSync(join(folder, 'new', name), 'utf8')).toMatch(pattern);
  });

  it('never replaces what it is made of', async () => {
    const before = readFileSync(data(20, 15));
    for (const path of [head, base, join(folder, 'data.npz')])
      expect(
        await evaluate([head, '--data', join(folder, 'data.npz'), '--reference', base, '-o', path, '--json']),
      ).toEqual(refused(2, /it is an input of this very command/));
    expect(readFileSync(join(folder, 'data.npz'))).toEqual(before);
  });

  it('is the same under the name eval, which has help of its own', async () => {
    const words = ['--data', data(20, 15)];
    const full = await evaluate([head, ...words]);
    const { exitCode, stdout } = await runInfer(['eval', '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Usage: infer evaluate\|eval \[options\] \[model\]/);
    expect(full.stdout).toContain('accuracy');
    expect(readdirSync(folder).toSorted()).toEqual(['base.onnx', 'data.npz', 'head.onnx']);
  });
});
