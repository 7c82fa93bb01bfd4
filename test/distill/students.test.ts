import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { writeNpz } from '../../src/data/write-npz.ts';
import type { NamedTensors } from '../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { openModel } from '../../src/onnx/file/open-model.ts';
import { saveModel } from '../../src/onnx/file/save-model.ts';
import { floats, GraphBuilder, longs } from '../../src/onnx/graph-builder.ts';
import type { Model } from '../../src/onnx/model.ts';
import { Tensor } from '../../src/onnx/tensor.ts';
import { numbersOf } from '../../src/onnx/tensor-types/numbers-of.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { runInfer } from '../cli/buffered-io.ts';
import { parseDistill } from '../cli/distill-trial.ts';
import { refused } from '../cli/optimize-trial.ts';
import { OptimizingRuntime } from '../commands/optimizing.ts';
import { temporaryFolder } from '../models/temporary-models.ts';
import { runModel } from '../numerics/run-model.ts';
import { normal, perceptron } from './small-students.ts';

const files = temporaryFolder();
afterAll(files.remove);

let count = 0;
let output = '';
beforeEach(() => {
  output = join(files.folder, `out${count++}.onnx`);
});

async function distill(
  models: { teacher: Model; student: Model | string },
  data: NamedTensors,
  words: readonly string[],
) {
  const teacher = files.write('teacher.onnx', encodeModel(models.teacher));
  const student =
    typeof models.student === 'string' ? models.student : files.write('student.onnx', encodeModel(models.student));
  const path = join(files.folder, 'data.npz');
  await writeNpz(path, data);
  const usual = ['--teacher', teacher, '--student', student, '--data', path, '-o', output, '-q', '--json', '--force'];
  const done = await runInfer(['distill', ...usual, ...words], { runtime: new OptimizingRuntime() });
  return { ...done, result: () => parseDistill(done.stdout) };
}

function trained(name: string): readonly number[] {
  const opened = openModel(output);
  try {
    const value = [...opened.model.graph.initializers].find((other) => other.name === name);
    if (value?.tensor?.kind === 'dense') return Array.from(numbersOf(value.tensor));
    const node = [...opened.model.graph.nodes()].find((other) => other.output(0)?.name === name);
    const attribute = node?.attributes.get('value');
    return attribute?.kind === 'tensor' ? Array.from(numbersOf(attribute.value)) : [];
  } finally {
    opened.close();
  }
}

/** y = x·w + b, weights of the file's own making. */
function linear({
  seed,
  constants = false,
  batch = 'batch',
}: {
  seed: number;
  constants?: boolean;
  batch?: string | number;
}) {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [batch, 3]);
  const weight = (name: string, dims: readonly number[]) => {
    const tensor = normal(dims, { seed, name });
    if (!constants) return g.constant(name, tensor);
    return g.op('Constant', [], { attributes: { value: Tensor.fromDense(tensor) }, as: name });
  };
  const product = g.op('MatMul', [x, weight('w', [3, 2])]);
  g.output(g.op('Add', [product, weight('b', [2])]), 'y', tensorType('float32', [batch, 2]));
  return g.model({ opset: 13 });
}

const rows = { x: normal([128, 3], { seed: 7, name: 'x' }) };
const long = ['--loss', 'mse', '--epochs', '60', '--lr', '0.1', '--weight-decay', '0', '--batch', '32'];

/** What least squares find: the teacher itself, for the student can do all that it does. */
function expectTeacher(seed: number): void {
  for (const [name, dims] of [
    ['w', [3, 2]],
    ['b', [2]],
  ] as const)
    for (const [index, value] of Array.from(normal(dims, { seed, name }).data, Number).entries())
      expect(trained(name)[index]).toBeCloseTo(value, 2);
}

describe('a student of the teacher’s own form becomes the teacher', () => {
  it('by the squared error, as least squares do', async () => {
    const { exitCode, result } = await distill(
      { teacher: linear({ seed: 1 }), student: linear({ seed: 2 }) },
      rows,
      long,
    );
    expect(exitCode).toBe(0);
    expectTeacher(1);
    expect(result().after?.metric.value).toBeLessThan(0.01);
  });

  it('with weights in Constant nodes, which they stay in', async () => {
    await distill({ teacher: linear({ seed: 1 }), student: linear({ seed: 2, constants: true }) }, rows, long);
    expectTeacher(1);
    const opened = openModel(output);
    expect([...opened.model.graph.initializers]).toEqual([]);
    opened.close();
  });

  it('with weights in a file beside it', async () => {
    const path = join(files.folder, 'external.onnx');
    await saveModel(linear({ seed: 2 }), path, { externalData: 'external' });
    const { exitCode } = await distill({ teacher: linear({ seed: 1 }), student: path }, rows, long);
    expect(exitCode).toBe(0);
    expectTeacher(1);
  });
});

/** A picture through a convolution, a normalization and a classifier. */
function picture(seed: number, channels: number): Model {
  const g = new GraphBuilder();
  const weight = (name: string, dims: readonly number[]) =>
    g.constant(name, normal(dims, { seed, name, deviation: 0.3 }));
  const filled = (name: string, value: number) =>
    g.constant(
      name,
      floats(
        [channels],
        Array.from({ length: channels }, () => value),
      ),
    );
  const x = g.input('x', 'float32', ['n', 1, 6, 6]);
  const conv = g.op('Conv', [x, weight('conv.w', [channels, 1, 3, 3])], { as: 'conv' });
  const statistics = [filled('mean', 3), filled('var', 9)];
  const norm = g.op('BatchNormalization', [conv, filled('scale', 1), filled('bias', 0), ...statistics], { as: 'norm' });
  const flat = g.op('Flatten', [g.op('Relu', [norm])]);
  g.output(g.op('Gemm', [flat, weight('fc.w', [channels * 16, 3])]), 'logits', tensorType('float32', ['n', 3]));
  return g.model();
}

it('models may call their values what the graph of a training calls its own', async () => {
  const named = (seed: number) => perceptron({ seed, inputs: 3, input: 'x', output: seed === 1 ? 'loss' : 'metric' });
  const { exitCode } = await distill({ teacher: named(1), student: named(2) }, rows, ['--loss', 'mse']);
  expect(exitCode).toBe(0);
});

it('a regressor is judged by what all samples are off by, not by those whose target is next to nothing', async () => {
  const number = (seed: number) => perceptron({ seed, inputs: 3, classes: 1 });
  const x = { x: normal([400, 3], { seed: 7, name: 'x' }) };
  const { result } = await distill({ teacher: number(1), student: number(2) }, x, ['--epochs', '20', '--lr', '0.01']);
  const { metric, before, after, better } = result();
  expect([metric.name, better]).toEqual(['relative-error', true]);
  expect(after?.metric.value).toBeLessThan(before.metric.value);
});

describe('normalization', () => {
  const data = { x: normal([96, 1, 6, 6], { seed: 3, name: 'x' }) };

  it('keeps its statistics while scale and bias are trained', async () => {
    const { result } = await distill({ teacher: picture(1, 8), student: picture(2, 4) }, data, [
      '--lr',
      '0.01',
      '--accept-worse',
    ]);
    expect(result().warnings).toContainEqual({ code: 'normalization-frozen', details: { nodes: 1 } });
    expect([trained('mean'), trained('var')]).toEqual([
      [3, 3, 3, 3],
      [9, 9, 9, 9],
    ]);
    expect(trained('scale')).not.toEqual([1, 1, 1, 1]);
  });

  it('that is frozen stays as it is, fresh weights or not, and is not said to be trained', async () => {
    for (const fresh of [[], ['--random-init']]) {
      const words = ['--lr', '0.01', '--accept-worse', '--freeze', 'scale', '--freeze', 'bias', ...fresh];
      const { result } = await distill({ teacher: picture(1, 8), student: picture(2, 4) }, data, words);
      const filled = (value: number) => [value, value, value, value];
      const found = ['scale', 'bias', 'mean', 'var'].map(trained);
      expect(found).toEqual([filled(1), filled(0), filled(3), filled(9)]);
      expect(result().parameters).toMatchObject({ trained: { tensors: 2 }, frozen: { tensors: 2, elements: 8 } });
      expect(result().warnings.map(({ code }) => code)).not.toContain('normalization-frozen');
    }
  });

  it('of fresh weights has the statistics of real samples', async () => {
    // No step to speak of: what is written is what training started from.
    const still = ['--random-init', '--lr', '1e-20', '--weight-decay', '0', '--accept-worse', '--epochs', '1'];
    await distill({ teacher: picture(1, 8), student: picture(2, 4) }, data, still);
    const opened = openModel(output);
    const { model } = opened;
    const normalized = [...model.graph.nodes()].find(({ op }) => op === 'BatchNormalization')?.output(0);
    normalized?.setType(tensorType('float32', ['n', 4, 4, 4]));
    if (normalized) model.graph.addOutput(normalized);
    const bytes = encodeModel(model);
    opened.close();
    const { norm } = await runModel(bytes, data);
    const values = Array.from(norm?.data ?? [], Number);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    // Over all samples, where the statistics are those of the first 64 to train on.
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 0);
  });
});

describe('the samples a step', () => {
  const models = () => ({ teacher: linear({ seed: 1 }), student: linear({ seed: 2 }) });

  it.each([
    ['--dim of the batch', ['--dim', 'batch=16'], 16],
    ['--dim of its axis', ['--dim', 'x#0=16'], 16],
    ['--batch, whatever the batch of a whole shape', ['--batch', '32', '--shape', 'x=1x3'], 32],
  ])('are those of %s', async (_, words, batch) => {
    const { exitCode, result } = await distill(models(), rows, [...words, '--epochs', '1', '--accept-worse']);
    expect(exitCode).toBe(0);
    expect(result().settings.batch).toBe(batch);
  });

  it.each([
    [['--dim', 'batch=16', '--dim', 'x#0=8'], /dimension 'batch' is given as 16 and as 8/],
    [['--dim', 'batch=0'], /at least 1 sample a step/],
  ])('are refused for %j', async (words, sentence) => {
    const { exitCode, stdout, stderr } = await distill(models(), rows, words);
    expect({ exitCode, stdout, stderr }).toEqual(refused(2, sentence));
  });
});

describe('models that take one number of samples', () => {
  /** Adds up over the samples: no other number of them means the same. */
  function mixing(seed: number): Model {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [4, 3]);
    const sum = g.op('ReduceSum', [x, g.constant('axes', longs([0]))], { name: 'mixer', attributes: { keepdims: 1 } });
    const all = g.op('Add', [
      g.op('MatMul', [x, g.constant('w', normal([3, 2], { seed, name: 'w' }))]),
      g.op('MatMul', [sum, g.constant('v', normal([3, 2], { seed, name: 'v' }))]),
    ]);
    g.output(all, 'y', tensorType('float32', [4, 2]));
    return g.model();
  }

  it('are trained on that many, and it is said why', async () => {
    const { exitCode, result } = await distill({ teacher: mixing(1), student: mixing(2) }, rows, ['--loss', 'mse']);
    expect(exitCode).toBe(0);
    expect(result().settings.batch).toBe(4);
    expect(result().warnings).toContainEqual({
      code: 'batch-reduced',
      details: expect.objectContaining({
        asked: 64,
        batch: 4,
        why: 'model',
        problem: expect.stringContaining("'mixer'"),
      }),
    });
  });

  it('must agree on it', async () => {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', [2, 3]);
    const sum = g.op('ReduceSum', [x, g.constant('axes', longs([0]))], { attributes: { keepdims: 1 } });
    const all = g.op('Add', [x, sum]);
    g.output(
      g.op('MatMul', [all, g.constant('w', normal([3, 2], { seed: 3, name: 'w' }))]),
      'y',
      tensorType('float32', [2, 2]),
    );
    const { exitCode, stdout, stderr } = await distill({ teacher: g.model(), student: mixing(2) }, rows, []);
    expect({ exitCode, stdout, stderr }).toEqual(refused(3, /do not fit together by their inputs/));
  });
});

describe('samples of several shapes', () => {
  /** Adds up a sequence of any length. */
  function summing(seed: number): Model {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['batch', 'length', 3]);
    const sum = g.op('ReduceSum', [x, g.constant('axes', longs([1]))], { attributes: { keepdims: 0 } });
    const product = g.op('MatMul', [sum, g.constant('w', normal([3, 2], { seed, name: 'w' }))]);
    g.output(product, 'y', tensorType('float32', ['batch', 2]));
    return g.model();
  }

  it('are told to be brought to one', async () => {
    const teacher = files.write('sum1.onnx', encodeModel(summing(1)));
    const student = files.write('sum2.onnx', encodeModel(summing(2)));
    const lines = Array.from({ length: 40 }, (_, row) => {
      const length = row % 7 === 0 ? 3 : 2;
      return JSON.stringify({ inputs: { x: Array.from({ length }, () => [row, 1, 2]) } });
    });
    const data = files.write('rows.jsonl', lines.join('\n'));
    const usual = ['--teacher', teacher, '--student', student, '--data', data, '-o', output, '-q'];
    const runtime = new OptimizingRuntime();
    expect(await runInfer(['distill', ...usual, '--batch', '32'], { runtime })).toEqual(
      refused(3, /input 'x' has shape.*training takes samples of one shape/),
    );
    expect(await runInfer(['distill', ...usual, '--batch', '1'], { runtime })).toEqual(
      refused(3, /input 'x' has shape.*training takes samples of one shape/),
    );
  });
});

describe('inputs beside the data', () => {
  function scaled(seed: number): Model {
    const g = new GraphBuilder();
    const x = g.input('x', 'float32', ['batch', 3]);
    const rate = g.input('rate', 'float32', []);
    const product = g.op('MatMul', [g.op('Mul', [x, rate]), g.constant('w', normal([3, 2], { seed, name: 'w' }))]);
    g.output(product, 'y', tensorType('float32', ['batch', 2]));
    return g.model();
  }

  it('come from --input, the same for all samples', async () => {
    const models = { teacher: scaled(1), student: scaled(2) };
    const missing = await distill(models, rows, long);
    expect({ ...missing, result: undefined }).toEqual({
      ...refused(3, /has no data for input 'rate'.*--input rate=VALUE/),
      result: undefined,
    });
    const { exitCode } = await distill(models, rows, [...long, '--input', 'rate=2']);
    expect(exitCode).toBe(0);
    const wanted = Array.from(normal([3, 2], { seed: 1, name: 'w' }).data, Number);
    for (const [index, value] of wanted.entries()) expect(trained('w')[index]).toBeCloseTo(value, 2);
  });
});

it('the input files are as they were', async () => {
  const teacher = encodeModel(linear({ seed: 1 }));
  const student = encodeModel(linear({ seed: 2 }));
  await distill({ teacher: linear({ seed: 1 }), student: linear({ seed: 2 }) }, rows, [
    '--epochs',
    '1',
    '--accept-worse',
  ]);
  expect(readFileSync(join(files.folder, 'teacher.onnx')).equals(teacher)).toBe(true);
  expect(readFileSync(join(files.folder, 'student.onnx')).equals(student)).toBe(true);
});
