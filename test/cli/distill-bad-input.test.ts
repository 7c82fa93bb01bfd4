import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { thisWorkplace } from '../../src/runtime/workplace.ts';
import { floats } from '../../src/onnx/graph-builder.ts';
import { Tensor } from '../../src/onnx/tensor.ts';
import { OptimizingRuntime } from '../commands/optimizing.ts';
import { perceptron, perceptronBytes } from '../distill/small-students.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { environment } from '../report/fixture-bench-result.ts';
import { distillTrial, parseDistill } from './distill-trial.ts';
import { refused } from './optimize-trial.ts';

const files = temporaryFolder();
afterAll(files.remove);

type Trial = Awaited<ReturnType<typeof distillTrial>>;
let trial: Trial;
beforeEach(async () => {
  trial = await distillTrial(files);
});

/** A student with an operator that has no gradient rule, behind its first layer or its last. */
function blocked(where: 'hidden' | 'logits'): Uint8Array {
  const model = perceptron({ seed: 2, hidden: 8 });
  const last = [...model.graph.nodes()].find(({ name }) => name === 'fc2');
  const source = where === 'hidden' ? last?.input(0) : last?.output(0);
  if (!last || !source) throw new Error('there is no fc2');
  const spec = { op: 'Shrink', name: 'shrink', inputs: [source], outputs: ['shrink_out'] };
  const made = model.graph.insertBefore(where === 'hidden' ? last : null, spec).output(0);
  if (where === 'hidden') last.setInput(0, made);
  else if (made) {
    model.graph.setOutput(0, made);
    made.setType(source.declaredType);
  }
  return encodeModel(model);
}

describe('a student that is no better', () => {
  const hopeless = ['--lr', '1e-12', '--weight-decay', '0', '--optimizer', 'sgd', '--epochs', '1'];

  it('is not written, exit code 1, the report is kept', async () => {
    const { distill, output, folder } = trial;
    const report = join(folder, 'report.json');
    const { exitCode, stdout } = await distill([...hopeless, '--report', report]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/nothing was written\n\nno better than before; --accept-worse writes it/);
    expect(existsSync(output)).toBe(false);
    expect(parseDistill(readFileSync(report, 'utf8'))).toMatchObject({ better: false, output: null, bestEpoch: null });
  });

  it('is written with --accept-worse', async () => {
    const { distill, output } = trial;
    const { exitCode, stdout } = await distill([...hopeless, '--accept-worse']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('written as --accept-worse says');
    expect(existsSync(output)).toBe(true);
  });

  it('stops training after --patience epochs', async () => {
    const { distill } = trial;
    const words = [...hopeless.slice(0, -2), '--epochs', '50', '--patience', '2', '--json'];
    const { stdout } = await distill(words);
    expect(parseDistill(stdout)).toMatchObject({ end: 'early-stop', epochs: [{ epoch: 1 }, { epoch: 2 }] });
  });
});

describe('a loss that is no number any more', () => {
  it('stops training, names the step, keeps the checkpoint, exit code 1', async () => {
    const { distill, output, checkpoint } = trial;
    const words = ['--optimizer', 'sgd', '--lr', '1e30', '--warm-up', '8', '--epochs', '50'];
    const { exitCode, stdout } = await distill(words);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /! the loss was no number any more at step \d+, in epoch \d+: give a lower --lr than 1e\+30/,
    );
    expect(existsSync(output)).toBe(false);
    expect(existsSync(checkpoint)).toBe(false);
  });

  it('writes what was better before, and says so, exit code 1', async () => {
    const { distill, output, checkpoint } = trial;
    // The rate rises until it is more than the loss can take; the epochs before that are good ones.
    const words = ['--loss', 'mse', '--optimizer', 'sgd', '--lr', '40', '--warm-up', '2000', '--steps', '2000'];
    const few = ['--batch', '128', '--patience', '0', '--json'];
    const { exitCode, stdout } = await distill([...words, ...few]);
    const result = parseDistill(stdout);
    expect(exitCode).toBe(1);
    expect(result).toMatchObject({ end: 'diverged', better: true, checkpoint });
    expect(result.epochs.at(-1)?.epoch).toBeGreaterThanOrEqual(result.bestEpoch ?? Infinity);
    expect([existsSync(output), existsSync(checkpoint)]).toEqual([true, true]);
  });
});

describe('memory', () => {
  const world = (availableBytes: number) => {
    const memory = { ...environment.memory, availableBytes };
    return { runtime: new OptimizingRuntime({ environment: { ...environment, memory } }) };
  };

  it('is estimated before the first step and shown', async () => {
    const { run, teacher, student, unlabeled } = trial;
    const words = ['--teacher', teacher, '--student', student, '--data', unlabeled, '--epochs', '1'];
    const { stderr } = await run(words);
    expect(stderr).toMatch(
      /^2 steps of 64 samples, 67 weights in 4 tensors, about 112 MiB of memory of 8\.00 GiB available/,
    );
    expect(stderr).toMatch(/\nepoch 1 of 1: loss [\d.]+, held out [\d.]+, agreement [\d.]+/);
  });

  it('that is short halves the batch until a step fits', async () => {
    const { distill, write } = trial;
    const student = write('large.onnx', perceptronBytes({ seed: 2, hidden: 4096 }));
    const words = [
      '--student',
      student,
      '-o',
      join(trial.folder, 'o.onnx'),
      '--batch',
      '128',
      '--epochs',
      '1',
      '--json',
    ];
    const free = parseDistill((await distill([...words, '--accept-worse'])).stdout);
    const less = free.memory.totalBytes - free.memory.activationBytes / 2;
    const result = parseDistill((await distill([...words, '--accept-worse', '--force'], world(less))).stdout);
    expect(result.settings.batch).toBeLessThan(128);
    expect(result.memory.totalBytes).toBeLessThanOrEqual(less);
    expect(result.warnings).toContainEqual({
      code: 'batch-reduced',
      details: { asked: 128, batch: result.settings.batch, why: 'memory', problem: '' },
    });
  });

  it('in which not even one sample fits is an error', async () => {
    expect(await trial.distill([], world(2 ** 20))).toEqual(
      refused(4, /a training step on a single sample needs about 112 MiB, and 1\.00 MiB are available/),
    );
  });
});

describe('the data', () => {
  const x = (columns: number, rows = 160) =>
    ({ type: 'float32', dims: [rows, columns], data: new Float32Array(rows * columns) }) as const;

  it('need no more than a batch; a smaller one is told', async () => {
    const { stdout } = await trial.distill(['--batch', '1000']);
    expect(stdout).toContain('! a step takes 144 samples instead of 1000: there are no more samples to train on');
  });

  it('are taken by --samples and --holdout', async () => {
    const result = parseDistill((await trial.distill(['--samples', '100', '--holdout', '30', '--json'])).stdout);
    expect(result.data).toMatchObject({ size: 160, trained: 70, heldOut: 30 });
  });

  it.each([
    ['another shape', { x: x(5) }, 3, /input 'x' has shape/],
    ['a stranger', { x: x(4), z: x(4) }, 3, /has 'z', which is not an input of the model/],
    ['nothing for an input', { y: x(4) }, 3, /'y'/],
    ['no samples', { x: x(4, 0) }, 3, /there are no samples/],
    ['one sample', { x: x(4, 1) }, 2, /--holdout/],
    ['NaN', { x: { ...x(4), data: new Float32Array(640).fill(Number.NaN) } }, 3, /input 'x' holds .* in sample \d+/],
    [
      'labels out of range',
      { x: x(4), label: { type: 'int64', dims: [160], data: new BigInt64Array(160).fill(3n) } },
      3,
      /the label 3 is none of the model's 3 classes/,
    ],
  ] as const)('with %s are one clear error', async (_, tensors, exitCode, sentence) => {
    const path = await trial.data('bad.npz', tensors);
    expect(await trial.distill(['--data', path])).toEqual(refused(exitCode, sentence));
    expect(existsSync(trial.output)).toBe(false);
  });

  it('that are an empty folder are an error', async () => {
    const folder = join(trial.folder, 'empty');
    mkdirSync(folder);
    expect((await trial.distill(['--data', folder])).exitCode).toBe(3);
  });
});

describe('a student without anything to train', () => {
  it('for all is frozen', async () => {
    expect(await trial.distill(['--freeze', '*'])).toEqual(
      refused(3, /no weights that can be trained: 4 are frozen by --freeze/),
    );
  });

  it('for its operators have no gradient: the node is named', async () => {
    const path = trial.write('blocked.onnx', blocked('logits'));
    expect(await trial.distill(['--student', path])).toEqual(
      refused(3, /node 'shrink' \(Shrink\) stops the gradient: it has no gradient rule/),
    );
  });

  it('before a node keeps that, and trains the rest', async () => {
    const path = trial.write('blocked.onnx', blocked('hidden'));
    const { exitCode, stdout } = await trial.distill(['--student', path, '-o', join(trial.folder, 'o.onnx')]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Weights +27 in 2 tensors trained, 40 in 2 tensors out of reach$/m);
    expect(stdout).toMatch(
      /! 2 weight tensors stayed as they are: no gradient passes node 'shrink' \(Shrink\): it has no/,
    );
  });

  it('says how a name was meant that no weight has', async () => {
    expect(await trial.distill(['--freeze', 'fc1.weigth'])).toEqual(
      refused(2, /--freeze: there is no 'fc1\.weigth'; did you mean 'fc1\.weight'/),
    );
  });
});

it('a teacher that returns no numbers is told before the first step, with the sample', async () => {
  const model = perceptron({ seed: 1 });
  for (const value of model.graph.initializers)
    if (value.name === 'fc2.bias') value.setTensor(Tensor.fromDense(floats([3], [0, Number.NaN, 0])));
  const teacher = trial.write('nan.onnx', encodeModel(model));
  expect(await trial.distill(['--teacher', teacher, '--loss', 'mse'])).toEqual(
    refused(
      3,
      /the loss is no number before the first step: student .* or teacher .*nan\.onnx returns no finite numbers for .*data\.npz\[\d+\]/,
    ),
  );
});

describe('the checkpoint', () => {
  it('is removed when all is done, unless --keep-checkpoint', async () => {
    const { distill, checkpoint } = trial;
    await distill([]);
    expect(existsSync(checkpoint)).toBe(false);
    await distill(['--force', '--keep-checkpoint']);
    expect(existsSync(checkpoint)).toBe(true);
  });

  it('of other settings is refused, and left alone by --no-resume', async () => {
    const { distill, checkpoint } = trial;
    await distill(['--keep-checkpoint']);
    expect(await distill(['--force', '--lr', '0.5'])).toEqual(
      refused(2, /is the checkpoint of another training: lr \(0\.02 there, 0\.5 here\); give --no-resume/),
    );
    expect((await distill(['--force', '--temperature', '2', '--no-resume'])).exitCode).toBe(0);
    expect(existsSync(checkpoint)).toBe(false);
    expect(await distill(['--force', '--resume'])).toEqual(refused(2, /no such file; a checkpoint to resume from/));
  });

  it('is never written over what it is made of', async () => {
    const path = await trial.data('student.distilled.onnx.checkpoint.npz', { x: trial.rows });
    const before = readFileSync(path);
    expect(await trial.distill(['--data', path, '--no-resume'])).toEqual(
      refused(2, /checkpoint\.npz cannot be written: it is an input of this very command/),
    );
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('of other data of the same size is refused', async () => {
    const { distill, data, rows } = trial;
    await distill(['--keep-checkpoint']);
    const other = Float32Array.from(rows.data, Number);
    other[300] = 0;
    await data('data.npz', { x: { ...rows, type: 'float32', data: other } });
    expect(await distill(['--force', '--resume'])).toEqual(
      refused(2, /is the checkpoint of another training: data \(160 samples, 144 to train on, 16 held out, content/),
    );
  });

  it('takes what a killed process has left beside it away', async () => {
    const { distill, write, folder } = trial;
    const { owner } = thisWorkplace();
    const gone = owner.replace(/^\d+/, '999999999');
    write(`.infer-${gone}-0.tmp`, 'half of a checkpoint');
    write(`.infer-${owner}-7.tmp`, 'written right now');
    await distill([]);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([`.infer-${owner}-7.tmp`]);
  });

  it('that is damaged is an error', async () => {
    trial.write('student.distilled.onnx.checkpoint.npz', 'rubbish');
    expect((await trial.distill([])).exitCode).toBe(3);
  });
});
