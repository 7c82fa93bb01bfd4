import { describe, expect, it } from 'vitest';
import { Expressions } from '../../src/compute/expressions/expressions.ts';
import type { Expr } from '../../src/compute/expressions/expr.ts';
import { agreementRows, distanceRows, hitRows, logitsOf } from '../../src/distill/row-metrics.ts';
import type { DenseTensor } from '../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../src/onnx/file/encode-model.ts';
import { runModel } from '../numerics/run-model.ts';
import { normal } from './small-students.ts';

const dims = [3, 2, 5];
const student = normal(dims, { seed: 1, name: 's', deviation: 2 });
const teacher = normal(dims, { seed: 2, name: 't', deviation: 2 });
const labels: DenseTensor = { type: 'int64', dims: [3], data: BigInt64Array.of(4n, 0n, 2n) };

/** Runs what is written on the two sides (or on rows of classes alone) in onnxruntime. */
async function numbers(write: (e: Expressions, sides: { student: Expr; teacher: Expr; labels: Expr }) => Expr) {
  const e = new Expressions();
  const sides = {
    student: e.input('s', 'float32', dims),
    teacher: e.input('t', 'float32', dims),
    labels: e.input('l', 'int64', [3]),
  };
  e.output(write(e, sides), 'y');
  const { y } = await runModel(encodeModel(e.model()), { s: student, t: teacher, l: labels });
  return Array.from(y?.data ?? [], Number);
}

const row = ({ data }: DenseTensor, sample: number): readonly number[] =>
  Array.from(data, Number).slice(sample * 10, sample * 10 + 10);
const rowsOf = (of: (s: readonly number[], t: readonly number[], sample: number) => number) =>
  [0, 1, 2].map((sample) => of(row(student, sample), row(teacher, sample), sample));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function softmax(values: readonly number[]): readonly number[] {
  const powers = values.map((value) => Math.exp(value));
  return powers.map((power) => power / powers.reduce((sum, other) => sum + other, 0));
}

const largest = (values: readonly number[]) => values.indexOf(Math.max(...values));
const positions = (values: readonly number[]) => [values.slice(0, 5), values.slice(5)];

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) expect(found[index]).toBeCloseTo(value, 4);
}

describe('by sample', () => {
  it('tells who is right', async () => {
    const classes = (e: Expressions, x: Expr) => e.slice(e.reshape(x, [3, 10]), { axis: 1, start: 0, end: 5 });
    const hits = rowsOf((s, _, sample) => (largest(s.slice(0, 5)) === Number(labels.data[sample]) ? 1 : 0));
    expect(await numbers((e, sides) => hitRows(e, classes(e, sides.student), sides.labels))).toEqual(hits);
  });

  it('tells how far off a sample is, by the size of all', async () => {
    const size = Math.sqrt(mean(rowsOf((_, t) => mean(t.map((value) => value ** 2)))));
    const distances = rowsOf((s, t) => Math.sqrt(mean(s.map((value, index) => (value - (t[index] ?? 0)) ** 2))) / size);
    expectClose(await numbers((e, sides) => distanceRows(e, sides)), distances);
  });

  it('tells how often two agree', async () => {
    const agreements = rowsOf((s, t) =>
      mean(positions(s).map((part, at) => (largest(part) === largest(positions(t)[at] ?? []) ? 1 : 0))),
    );
    expect(await numbers((e, sides) => agreementRows(e, sides))).toEqual(agreements);
  });
});

it('scores come back out of probabilities, but for a constant that no softmax sees', async () => {
  const found = await numbers((e, sides) => e.softmax(logitsOf(e, e.softmax(sides.student, -1)), -1));
  expectClose(
    found,
    rowsOf((s) => s[0] ?? 0).flatMap((_, sample) => positions(row(student, sample)).flatMap(softmax)),
  );
});
