import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { ModelRunner } from '../../src/runtime/model-runner.ts';
import { OptimizingRuntime } from '../commands/optimizing.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { inProcessRunner } from '../numerics/in-process-runner.ts';
import { distillTrial, parseDistill } from './distill-trial.ts';

const files = temporaryFolder();
afterAll(files.remove);

/** A runner that calls back before each training step. */
function counting(onStep: (step: number) => void): ModelRunner {
  const runner = inProcessRunner();
  let steps = 0;
  return {
    ...runner,
    load: async (source, options) => {
      const loaded = await runner.load(source, options);
      const advance: typeof loaded.advance = (feeds, step) => {
        onStep(++steps);
        return loaded.advance(feeds, step);
      };
      return { ...loaded, advance };
    },
  };
}

/** Interrupted right before a step: 4 steps are an epoch. */
async function interrupted(trial: Awaited<ReturnType<typeof distillTrial>>, atStep: number, words: readonly string[]) {
  let interrupt = () => {};
  const runtime = new OptimizingRuntime(
    {},
    counting((step) => {
      if (step === atStep) interrupt();
    }),
  );
  return trial.distill(words, {
    runtime,
    onInterrupt: (callback) => {
      interrupt = callback;
    },
  });
}

describe('a training that is interrupted in the middle of an epoch', () => {
  it.each([['adamw'], ['sgd']])('with %s goes on to the very weights of one that was not', async (optimizer) => {
    const trial = await distillTrial(files);
    const [whole, parts] = [join(trial.folder, 'whole.onnx'), join(trial.folder, 'parts.onnx')];
    const words = ['--optimizer', optimizer, '--seed', '3', '--random-init'];
    const reference = parseDistill((await trial.distill([...words, '-o', whole, '--json'])).stdout);
    const first = await interrupted(trial, 11, [...words, '-o', parts, '--json']);
    expect(first.exitCode).toBe(130);
    const stopped = parseDistill(first.stdout);
    expect(stopped).toMatchObject({ end: 'interrupted', output: null, checkpoint: `${parts}.checkpoint.npz` });
    expect(stopped.epochs).toHaveLength(2);
    expect([existsSync(parts), existsSync(`${parts}.checkpoint.npz`)]).toEqual([false, true]);
    const second = await trial.distill([...words, '-o', parts, '--json']);
    const result = parseDistill(second.stdout);
    expect(result).toMatchObject({ resumedFrom: 2, end: 'finished', checkpoint: null });
    expect(result.epochs).toEqual(reference.epochs);
    expect(readFileSync(parts).equals(readFileSync(whole))).toBe(true);
  });

  it('and again in the next run', async () => {
    const trial = await distillTrial(files);
    const [whole, parts] = [join(trial.folder, 'whole.onnx'), join(trial.folder, 'parts.onnx')];
    await trial.distill(['-o', whole]);
    await interrupted(trial, 6, ['-o', parts]);
    await interrupted(trial, 6, ['-o', parts]);
    expect((await trial.distill(['-o', parts, '--resume'])).exitCode).toBe(0);
    expect(readFileSync(parts).equals(readFileSync(whole))).toBe(true);
  });

  it('leaves nothing behind before the first epoch is done', async () => {
    const trial = await distillTrial(files);
    const { exitCode, stdout } = await interrupted(trial, 2, []);
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/nothing was written\n\ninterrupted behind epoch 0\n/);
    expect([existsSync(trial.output), existsSync(trial.checkpoint)]).toEqual([false, false]);
  });
});

it('a training that was through is judged at once when it is asked for again', async () => {
  const trial = await distillTrial(files);
  const hopeless = ['--lr', '1e-12', '--weight-decay', '0', '--optimizer', 'sgd', '--json'];
  expect((await trial.distill(hopeless)).exitCode).toBe(1);
  const again = parseDistill((await trial.distill([...hopeless, '--accept-worse'])).stdout);
  expect(again).toMatchObject({ resumedFrom: 4, stepMs: null, output: { path: trial.output } });
});
