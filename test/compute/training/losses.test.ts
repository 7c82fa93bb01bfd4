import { describe, expect, test } from 'vitest';
import type { Expr } from '../../../src/compute/expressions/expr.ts';
import { Expressions } from '../../../src/compute/expressions/expressions.ts';
import { differentiate } from '../../../src/compute/training/autodiff.ts';
import {
  cosineRows,
  crossEntropyRows,
  divergenceRows,
  relativeErrorRows,
  squaredErrorRows,
} from '../../../src/compute/training/losses.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { floats, longs } from '../../../src/onnx/graph-builder.ts';
import { numbersOf } from '../../../src/onnx/tensor-types/numbers-of.ts';
import { runModel } from '../../numerics/run-model.ts';

/** The loss of each sample, their mean, and its gradient with respect to the input `x`. */
async function evaluate(feeds: NamedTensors, write: (e: Expressions, input: (name: string) => Expr) => Expr) {
  const e = new Expressions();
  const inputs = new Map(Object.entries(feeds).map(([name, { type, dims }]) => [name, e.input(name, type, dims)]));
  const input = (name: string): Expr => {
    const found = inputs.get(name);
    if (found === undefined) throw new Error(`${name} is missing`);
    return found;
  };
  const rows = write(e, input);
  const x = input('x').value;
  expect(rows.dims).toEqual([input('x').dims[0]]);
  const loss = e.meanAll(rows);
  const { gradients, frozen } = differentiate({ e, loss, wanted: [x] });
  expect(frozen.size).toBe(0);
  e.output(rows, 'rows');
  e.output(loss, 'loss');
  const gradient = gradients.get(x);
  if (gradient !== undefined) e.output(gradient, 'gradient');
  const outputs = await runModel(encodeModel(e.model()), feeds);
  const numbers = (name: string): readonly number[] => Array.from(outputs[name] ? numbersOf(outputs[name]) : []);
  return { rows: numbers('rows'), loss: numbers('loss')[0] ?? Number.NaN, gradient: numbers('gradient') };
}

function softmax(row: readonly number[]): readonly number[] {
  const powers = row.map((x) => Math.exp(x - Math.max(...row)));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

function expectNumbers(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  for (const [i, number] of expected.entries()) expect(found[i]).toBeCloseTo(number, 5);
}

const rows = [
  [0.5, -1, 2],
  [3, 0, -2],
  [1, 1, 0.5],
];
const x = floats([3, 3], rows.flat());

describe('cross entropy', () => {
  const write = (e: Expressions, input: (name: string) => Expr): Expr =>
    crossEntropyRows(e, { logits: input('x'), labels: input('labels') });

  test('is the mean of -log p, with the gradient p - y over their count', async () => {
    const labels = [2, 1, 0];
    const { loss, gradient } = await evaluate({ x, labels: longs(labels) }, write);
    const expected = rows.map((row, r) => -Math.log(softmax(row)[labels[r] ?? 0] ?? 0));
    expect(loss).toBeCloseTo(expected.reduce((a, b) => a + b) / 3, 5);
    expectNumbers(
      gradient,
      rows.flatMap((row, r) => softmax(row).map((p, c) => (p - (c === labels[r] ? 1 : 0)) / 3)),
    );
  });

  test('leaves out the positions of a sample that do not count', async () => {
    const labels = { ...longs([-100, 1, -100]), dims: [1, 3] };
    const { loss, gradient } = await evaluate({ x: { ...x, dims: [1, 3, 3] }, labels }, write);
    expect(loss).toBeCloseTo(-Math.log(softmax(rows[1] ?? [])[1] ?? 0), 5);
    expectNumbers(gradient, [0, 0, 0, ...softmax(rows[1] ?? []).map((p, c) => p - (c === 1 ? 1 : 0)), 0, 0, 0]);
  });

  test('is 0 where nothing counts', async () => {
    const { loss, gradient } = await evaluate({ x, labels: longs([7, 7, 7]) }, (e, input) =>
      crossEntropyRows(e, { logits: input('x'), labels: input('labels') }, { ignore: 7 }),
    );
    expect(loss).toBeCloseTo(0, 6);
    expectNumbers(gradient, [0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('takes logits of any rank, and scores that would overflow an exponential', async () => {
    const labels = { ...longs([0, 1]), dims: [1, 2] };
    const { loss } = await evaluate({ x: floats([1, 2, 2], [0, 1000, -1000, 500]), labels }, write);
    expect(loss).toBeCloseTo(500, 3);
  });

  test('refuses labels that do not fit', async () => {
    await expect(evaluate({ x, labels: longs([0, 1]) }, write)).rejects.toThrow('labels and positions are [2] and [3]');
  });
});

describe('distillation', () => {
  const teacher = [
    [1, 0, 1.5],
    [2, 2, -2],
    [0, -1, 0.5],
  ];

  test('is T² KL(teacher, student) at a temperature, with the gradient T(p - q) over the rows', async () => {
    const temperature = 4;
    const feeds = { x, t: floats([3, 3], teacher.flat()) };
    const { loss, gradient } = await evaluate(feeds, (e, input) =>
      divergenceRows(e, { student: input('x'), teacher: input('t') }, temperature),
    );
    const cooled = (row: readonly number[] = []) => softmax(row.map((score) => score / temperature));
    const divergences = rows.map((row, r) => {
      const [p, q] = [cooled(row), cooled(teacher[r])];
      return q.reduce((sum, share, c) => sum + share * Math.log(share / (p[c] ?? 0)), 0);
    });
    expect(loss).toBeCloseTo((temperature ** 2 * divergences.reduce((a, b) => a + b)) / 3, 5);
    expectNumbers(
      gradient,
      rows.flatMap((row, r) => {
        const q = cooled(teacher[r]);
        return cooled(row).map((p, c) => (temperature * (p - (q[c] ?? 0))) / 3);
      }),
    );
  });

  test('is 0 for a student like its teacher, however sure both are', async () => {
    const sure = floats([2, 2], [1e4, 0, -1e4, 0]);
    const { loss, gradient } = await evaluate({ x: sure, t: sure }, (e, input) =>
      divergenceRows(e, { student: input('x'), teacher: input('t') }, 1),
    );
    expect(loss).toBeCloseTo(0, 6);
    expectNumbers(gradient, [0, 0, 0, 0]);
  });
});

test('the squared error has the gradient 2(a - b) over the count', async () => {
  const write = (e: Expressions, input: (name: string) => Expr): Expr =>
    squaredErrorRows(e, { student: input('x'), teacher: input('target') });
  const target = [1, 0, 1, 0, 1, 0, 1, 0, 1];
  const { loss, gradient } = await evaluate({ x, target: floats([3, 3], target) }, write);
  const differences = rows.flat().map((number, i) => number - (target[i] ?? 0));
  expect(loss).toBeCloseTo(differences.reduce((sum, d) => sum + d * d, 0) / 9, 5);
  expectNumbers(
    gradient,
    differences.map((d) => (2 * d) / 9),
  );
  await expect(evaluate({ x, target: floats([3], [0, 0, 0]) }, write)).rejects.toThrow(
    'the two sides of a squared error are [3,3] and [3]',
  );
});

describe('the relative error', () => {
  const write = (e: Expressions, input: (name: string) => Expr): Expr =>
    relativeErrorRows(e, { student: input('x'), teacher: input('t') });

  test('is the squared error as a share of the mean square of the teacher, sample by sample', async () => {
    const found = await evaluate({ x, t: floats([3, 3], [1, 2, 2, 30, 0, 0, 0, 0, 0.5]) }, write);
    expectNumbers(found.rows, [(0.25 + 9 + 0) / 9, (729 + 0 + 4) / 900, (1 + 1 + 0) / 0.25]);
  });

  test('is a number where the teacher is 0', async () => {
    const { rows: found } = await evaluate({ x: floats([2, 1], [0, 0]), t: floats([2, 1], [0, 0]) }, write);
    expect(found).toEqual([0, 0]);
  });
});

describe('the distance by cosine', () => {
  const other = [
    [1, 2, -1],
    [-3, 0.5, 2],
    [2, 2, 1],
  ];
  const reckon = (numbers: readonly number[]): number => {
    const losses = other.map((b, r) => {
      const a = numbers.slice(3 * r, 3 * r + 3);
      const dot = a.reduce((sum, number, i) => sum + number * (b[i] ?? 0), 0);
      return 1 - dot / Math.hypot(...a) / Math.hypot(...b);
    });
    return losses.reduce((a, b) => a + b) / 3;
  };
  const write = (e: Expressions, input: (name: string) => Expr): Expr =>
    cosineRows(e, { student: input('x'), teacher: input('other') });

  test('is the mean of 1 - cos, with the gradient of central differences', async () => {
    const { loss, gradient } = await evaluate({ x, other: floats([3, 3], other.flat()) }, write);
    const numbers = rows.flat();
    expect(loss).toBeCloseTo(reckon(numbers), 5);
    expectNumbers(
      gradient,
      numbers.map(
        (number, i) => (reckon(numbers.with(i, number + 1e-6)) - reckon(numbers.with(i, number - 1e-6))) / 2e-6,
      ),
    );
  });

  test('stays finite where a vector has no direction', async () => {
    const { loss, gradient } = await evaluate({ x: floats([1, 2], [0, 0]), other: floats([1, 2], [3, 4]) }, write);
    expect(loss).toBeCloseTo(1, 6);
    for (const number of gradient) expect(Number.isFinite(number)).toBe(true);
  });

  test('of vectors however short is theirs', async () => {
    const feeds = { x: floats([1, 2], [1e-4, 0]), other: floats([1, 2], [1e-4, 1e-4]) };
    const { loss } = await evaluate(feeds, write);
    expect(loss).toBeCloseTo(1 - Math.SQRT1_2, 5);
  });
});

test('a sample of several positions counts as one', async () => {
  const t = floats([2, 2, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1]);
  const s = floats([2, 2, 3], [0, 1, 0, 0, 2, 0, 0, 0, 3, 2, 2, 2]);
  const found = async (write: (e: Expressions, pair: { student: Expr; teacher: Expr }) => Expr) =>
    (await evaluate({ x: s, t }, (e, input) => write(e, { student: input('x'), teacher: input('t') }))).rows;
  expectNumbers(await found(squaredErrorRows), [(1 + 1 + 1) / 6, (4 + 3) / 6]);
  expectNumbers(await found(cosineRows), [0.5, 0]);
  const labels = { ...longs([1, 1, 2, -100]), dims: [2, 2] };
  const entropies = await evaluate({ x: s, labels }, (e, input) =>
    crossEntropyRows(e, { logits: input('x'), labels: input('labels') }),
  );
  const cost = (scores: readonly number[], label: number) => -Math.log(softmax(scores)[label] ?? 0);
  expectNumbers(entropies.rows, [(cost([0, 1, 0], 1) + cost([0, 2, 0], 1)) / 2, cost([0, 0, 3], 2)]);
});
