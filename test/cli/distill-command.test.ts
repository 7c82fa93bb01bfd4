import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { datasetOrder } from '../../src/data/dataset-order.ts';
import type { DenseTensor } from '../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { openModel } from '../../src/onnx/file/open-model.ts';
import { numbersOf } from '../../src/onnx/tensor-types/numbers-of.ts';
import { perceptronBytes } from '../distill/small-students.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runInfer } from './buffered-io.ts';
import { classesBy, distillTrial, parseDistill, short } from './distill-trial.ts';
import { modelIn, refused } from './optimize-trial.ts';

const files = temporaryFolder();
afterAll(files.remove);

type Trial = Awaited<ReturnType<typeof distillTrial>>;
let trial: Trial;
beforeEach(async () => {
  trial = await distillTrial(files);
});

function weightsIn(path: string): Readonly<Record<string, readonly number[]>> {
  return Object.fromEntries(
    [...modelIn(path).graph.initializers].map(({ name, tensor }) => [
      name,
      tensor?.kind === 'dense' ? Array.from(numbersOf(tensor)) : [],
    ]),
  );
}

const rowsAt = ({ dims: [, columns = 1], data }: DenseTensor, indices: readonly number[]) => ({
  type: 'float32' as const,
  dims: [indices.length, columns],
  data: Float32Array.from(indices.flatMap((row) => Array.from(data, Number).slice(row * columns, (row + 1) * columns))),
});

describe('the student', () => {
  it('is written beside the input, better than before, in a file that differs in weights and metadata alone', async () => {
    const { distill, output, student, folder } = trial;
    const { exitCode, stdout, stderr } = await distill([]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.split('\n')[0]).toBe(`${student} -> ${output}`);
    expect(stdout).toContain('better than before');
    expect(readdirSync(folder).toSorted()).toEqual(
      ['data.npz', 'student.distilled.onnx', 'student.onnx', 'teacher.onnx'].toSorted(),
    );
    const [opened, written] = [openModel(student), openModel(output)];
    const [before, after] = [opened.model, written.model];
    const note: unknown = JSON.parse(after.metadata.find(({ key }) => key === 'infer.distill')?.value ?? '');
    expect(note).toMatchObject({
      teacher: { file: 'teacher.onnx', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      student: { file: 'student.onnx' },
      data: { file: 'data.npz', trained: 144, heldOut: 16 },
    });
    after.setMetadata([]);
    for (const value of after.graph.initializers) {
      const source = [...before.graph.initializers].find(({ name }) => name === value.name);
      if (source?.tensor) value.setTensor(source.tensor);
    }
    before.touch();
    expect(Buffer.from(encodeModel(after)).equals(Buffer.from(encodeModel(before)))).toBe(true);
    opened.close();
    written.close();
  });

  it('agrees with the teacher as often as the result says, by onnxruntime on the held-out rows', async () => {
    const { distill, rows, teacherBytes, student, output } = trial;
    const result = parseDistill((await distill(['--json'])).stdout);
    const { held } = datasetOrder(160, { seed: 0, holdout: 0.1 });
    const x = rowsAt(rows, [...held]);
    const wanted = await classesBy(teacherBytes, { x });
    const agreement = async (path: string) => {
      const found = await classesBy(readFileSync(path), { x });
      return found.filter((label, row) => label === wanted[row]).length / held.length;
    };
    expect(result.metric).toEqual({ name: 'agreement', higherIsBetter: true });
    expect(result.before.metric.value).toBeCloseTo(await agreement(student), 6);
    expect(result.after?.metric.value).toBeCloseTo(await agreement(output), 6);
    expect(result.epochs).toHaveLength(4);
    expect(result.epochs[0]?.steps).toBe(4);
  });

  it('is the same for the same seed, and another for another', async () => {
    const { distill, folder } = trial;
    const to = (name: string) => ['-o', join(folder, name)];
    await distill([...to('a.onnx')]);
    await distill([...to('b.onnx')]);
    await distill([...to('c.onnx'), '--seed', '5']);
    expect(weightsIn(join(folder, 'a.onnx'))).toEqual(weightsIn(join(folder, 'b.onnx')));
    expect(weightsIn(join(folder, 'a.onnx'))).not.toEqual(weightsIn(join(folder, 'c.onnx')));
  });

  it('goes where -o says, over an older one only with --force, never over what it is made of', async () => {
    const { distill, write, folder, teacher, student, unlabeled } = trial;
    const output = write('out.onnx', 'older');
    expect(await distill(['-o', output])).toEqual(refused(2, /out\.onnx exists already; give --force/));
    expect(readFileSync(output, 'utf8')).toBe('older');
    for (const path of [teacher, student, unlabeled])
      expect(await distill(['-o', path, '--force'])).toEqual(refused(2, /it is an input of this very command/));
    expect(await distill(['-o', join(folder, 'no', 'x.onnx')])).toEqual(refused(2, /there is no folder/));
    expect((await distill(['-o', output, '--force'])).exitCode).toBe(0);
    expect(modelIn(output).graph.nodeCount).toBe(3);
  });

  it('keeps what --freeze says, by pattern', async () => {
    const { distill, student, output } = trial;
    const result = parseDistill((await distill(['--freeze', 'fc1.*', '--json'])).stdout);
    expect(result.parameters).toEqual({
      trained: { tensors: 2, elements: 27 },
      frozen: { tensors: 2, elements: 40 },
      unreached: { tensors: 0, elements: 0 },
    });
    const [before, after] = [weightsIn(student), weightsIn(output)];
    expect(after['fc1.weight']).toEqual(before['fc1.weight']);
    expect(after['fc2.weight']).not.toEqual(before['fc2.weight']);
  });

  it('starts from fresh weights with --random-init', async () => {
    const { distill, student } = trial;
    const result = parseDistill((await distill(['--random-init', '--json'])).stdout);
    expect(result.settings.randomInit).toBe(true);
    const usual = parseDistill((await distill(['--json', '--force'])).stdout);
    expect(result.before.loss.value).not.toBe(usual.before.loss.value);
    expect(result.student.path).toBe(student);
  });
});

describe('the loss', () => {
  it('takes in the labels, whose accuracy is told beside the teacher’s', async () => {
    const { distill, data, rows, teacherBytes } = trial;
    const classes = await classesBy(teacherBytes, { x: rows });
    const label = { type: 'int64', dims: [160], data: BigInt64Array.from(classes, BigInt) } as const;
    const labeled = await data('labeled.npz', { x: rows, label });
    const result = parseDistill((await distill(['--data', labeled, '--json', '--alpha', '0.5'])).stdout);
    expect(result).toMatchObject({
      settings: { alpha: 0.5 },
      metric: { name: 'accuracy' },
      losses: [{ output: 'logits', loss: 'kl', reason: 'class-labels' }],
      teacherMetric: { value: 1 },
      better: true,
    });
    const usual = parseDistill((await distill(['--data', labeled, '--json', '--force'])).stdout);
    expect(usual.settings.alpha).toBe(0.1);
    const alone = await distill(['--data', labeled, '--alpha', '1', '--force']);
    expect(alone.stdout).toMatch(/^Loss +cross-entropy of 'logits' with the labels alone$/m);
  });

  it('leaves labels alone that are no classes, and says so', async () => {
    const { distill, data, rows } = trial;
    const label = { type: 'float32', dims: [160], data: new Float32Array(160) } as const;
    const path = await data('numbers.npz', { x: rows, label });
    const { stdout } = await distill(['--data', path]);
    expect(stdout).toMatch(/! the labels were not used: they are no classes/);
    expect(await distill(['--data', path, '--alpha', '0.3', '--force'])).toEqual(
      refused(2, /--alpha: '0\.3' is not possible without/),
    );
  });

  it('is the one of --loss', async () => {
    const { distill } = trial;
    const mse = parseDistill((await distill(['--loss', 'mse', '--json'])).stdout);
    expect(mse).toMatchObject({ losses: [{ loss: 'mse', reason: 'asked' }], metric: { name: 'relative-error' } });
    expect(mse.after?.metric.value).toBeLessThan(mse.before.metric.value);
    const cosine = parseDistill((await distill(['--loss', 'cosine', '--json', '--force'])).stdout);
    expect(cosine).toMatchObject({ metric: { name: 'cosine', higherIsBetter: true } });
  });

  it('takes probabilities for what they are, on either side', async () => {
    const { distill, write } = trial;
    const teacher = write('soft.onnx', perceptronBytes({ seed: 1, hidden: 24, softmax: true }));
    const soft = parseDistill((await distill(['--teacher', teacher, '--json'])).stdout);
    const plain = parseDistill((await distill(['--json', '--force'])).stdout);
    expect(soft.losses[0]).toMatchObject({ loss: 'kl', reason: 'probabilities' });
    // log(softmax(z)) and z have the same softmax at any temperature
    expect(soft.before.loss.value).toBeCloseTo(plain.before.loss.value, 4);
  });

  it('has a share for hidden values that are matched by node or value', async () => {
    const { distill, write } = trial;
    const student = write('wide.onnx', perceptronBytes({ seed: 2, hidden: 24 }));
    const wide = ['--student', student, '-o', join(trial.folder, 'o.onnx'), '--force'];
    const { stdout } = await distill([...wide, '--match', 'act=act', '--match-weight', '2']);
    expect(stdout).toMatch(/^Match +'relu_out' = 'relu_out', weight 2/m);
    const both = parseDistill((await distill([...wide, '--match', 'act=act', '--json'])).stdout);
    const alone = parseDistill((await distill([...wide, '--json'])).stdout);
    expect(both.before.loss.value).toBeGreaterThan(alone.before.loss.value);
    expect(both.matches).toEqual([{ student: 'relu_out', teacher: 'relu_out' }]);
  });
});

describe('models that differ', () => {
  it('in opset and kind of batch are trained all the same', async () => {
    const { distill, write } = trial;
    const teacher = write('old.onnx', perceptronBytes({ seed: 1, hidden: 24, opset: 9, batch: 1 }));
    const student = write('new.onnx', perceptronBytes({ seed: 2, hidden: 8, opset: 21, batch: 1 }));
    const output = join(trial.folder, 'o.onnx');
    const words = ['--teacher', teacher, '--student', student, '-o', output, '--json'];
    const result = parseDistill((await distill(words)).stdout);
    expect(result).toMatchObject({ better: true, settings: { batch: 32 } });
    expect(modelIn(output)).toMatchObject({ opset: 21 });
    expect(modelIn(output).graph.inputs[0]?.type).toMatchObject({ shape: [1, 4] });
    expect(result.after?.metric.value).toBe(parseDistill((await distill(['--json'])).stdout).after?.metric.value);
  });

  it('in the names of inputs and outputs are paired by position, and it is said', async () => {
    const { distill, write } = trial;
    const teacher = write('named.onnx', perceptronBytes({ seed: 1, hidden: 24, input: 'pixels', output: 'classes' }));
    const { exitCode, stdout } = await distill(['--teacher', teacher]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('paired by their order: x = pixels');
    expect(stdout).toContain('paired by their order: logits = classes');
  });

  it.each([
    ['inputs', { inputs: 5 }, /their inputs: 'x' float32\[batch, 4\] and 'x' float32\[batch, 5\]/],
    ['outputs', { classes: 7 }, /their outputs: 'logits' float32\[samples, 3\] and 'logits' float32\[samples, 7\]/],
  ])('in the shapes of their %s do not fit: both sides are named', async (_, spec, sentence) => {
    const { distill, write } = trial;
    const teacher = write('other.onnx', perceptronBytes({ seed: 1, ...spec }));
    expect(await distill(['--teacher', teacher])).toEqual(refused(3, sentence));
    const { stderr } = await distill(['--teacher', teacher]);
    expect(stderr).toMatch(/student .*student\.onnx and teacher .*other\.onnx do not fit together/);
  });

  it('in the shapes of what is matched: both are told', async () => {
    expect(await trial.distill(['--match', 'act=act'])).toEqual(
      refused(3, /'relu_out' float32\[32, 8\] and 'relu_out' float32\[32, 24\] of --match/),
    );
    expect(await trial.distill(['--match', 'acct=act'])).toEqual(
      refused(2, /--match in .*: there is no 'acct'; did you mean 'act'/),
    );
  });
});

describe('the command line', () => {
  it.each([
    [['--student', 's', '--data', 'd'], /--teacher is missing/],
    [['--teacher', 't', '--data', 'd'], /--student is missing/],
    [['--teacher', 't', '--student', 's'], /--data is missing/],
  ])('%j lacks something', async (words, sentence) => {
    expect(await trial.run(words)).toEqual(refused(2, sentence));
  });

  it.each([
    ['--alpha', '2', /--alpha: '2'/],
    ['--lr', '0', /--lr: '0'/],
    ['--lr', 'fast', /--lr: 'fast'/],
    ['--temperature', '0', /--temperature/],
    ['--epochs', '0', /--epochs/],
    ['--holdout', '100%', /--holdout/],
    ['--holdout', '160', /--holdout/],
    ['--match', 'act', /--match: 'act' is not NAME=VALUE/],
    ['--warm-up', 'x', /--warm-up/],
    ['--optimizer', 'lion', /--optimizer/],
    ['--loss', 'hinge', /--loss/],
    ['--dim', 'batsh=3', /batsh/],
    ['--input', 'z=1', /'z'/],
    ['--data', 'none.npz', /none\.npz: no such file/],
    ['--teacher', 'none.onnx', /none\.onnx: no such file/],
  ])('%s %s is a mistake of usage', async (flag, value, sentence) => {
    expect(await trial.distill([flag, value])).toEqual(refused(2, sentence));
    expect(existsSync(trial.output)).toBe(false);
  });

  it('reads its section of the config, flags win', async () => {
    const { write, run, folder, teacher, student, unlabeled } = trial;
    write(
      'infer.config.yaml',
      [
        'distill:',
        `  teacher: ${teacher}`,
        `  student: ${student}`,
        `  data: ${unlabeled}`,
        '  freeze: ["fc1.*", "*.bias"]',
        '  epochs: 9',
        '  batch: 16',
        '  quiet: true',
        '  format: json',
      ].join('\n'),
    );
    const { stdout, stderr } = await run(['--epochs', '1', '--accept-worse'], { cwd: folder });
    expect(stderr).toBe('');
    expect(parseDistill(stdout)).toMatchObject({
      settings: { batch: 16, epochs: 1 },
      parameters: { trained: { tensors: 1 }, frozen: { tensors: 3 } },
    });
  });

  it('gives JSON that report draws again, and the epochs as CSV', async () => {
    const { distill, write, folder } = trial;
    const { stdout } = await distill(['--json']);
    const saved = write('result.json', stdout);
    const table = await runInfer(['report', saved]);
    expect(table.stdout).toBe((await distill(['--force'])).stdout);
    const csv = await runInfer(['report', saved, '--format', 'csv']);
    expect(csv.stdout.trim().split('\r\n')).toHaveLength(5);
    expect((await distill(['--force', '--report', join(folder, 'r.md')])).exitCode).toBe(0);
    expect(readFileSync(join(folder, 'r.md'), 'utf8')).toMatch(/^\*\*.*student\.onnx/);
    expect(short.length).toBeGreaterThan(0);
  });
});
