import { describe, expect, it } from 'vitest';
import { problemsOf, fed, given, vector } from './operator-case.ts';
import type { OperatorCase } from './operator-case.ts';

const data = fed([2, 3, 4]);
const reductions = ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare'];

const cases: readonly OperatorCase[] = [
  ...reductions.flatMap((name) => [
    { op: `Reduce${name}`, args: [data], opset: 12 },
    { op: `Reduce${name}`, args: [data], attributes: { axes: [1, -1], keepdims: 0 }, opset: 12 },
    { op: `Reduce${name}`, args: [data, vector(0)], opset: 18 },
    { op: `Reduce${name}`, args: [data, vector(-1)], attributes: { keepdims: 0 }, opset: 18 },
  ]),
  { op: 'ReduceSum', args: [data, vector()], attributes: { noop_with_empty_axes: 1 } },
  { op: 'ReduceSum', args: [data], attributes: { noop_with_empty_axes: 1 } },
  { op: 'ReduceSum', args: [data, vector()], attributes: { keepdims: 0 } },
  { op: 'ReduceSum', args: [fed([])] },
  ...['Prod', 'Sum', 'Max', 'Min'].map((name) => ({
    op: `Reduce${name}`,
    args: [vector(3, 4, 2)],
    attributes: { keepdims: 0 },
  })),
  { op: 'ArgMax', args: [data], attributes: { axis: 1 } },
  { op: 'ArgMin', args: [data], attributes: { axis: -1, keepdims: 0 } },
  { op: 'TopK', args: [data, vector(2)], attributes: { axis: 1 }, outputs: 2 },
  { op: 'TopK', args: [data, vector(3)], outputs: 2 },
  { op: 'Unique', args: [data], outputs: 4, open: true },
  { op: 'Unique', args: [data], attributes: { axis: 1 }, outputs: 4, open: true },
  { op: 'Det', args: [fed([2, 3, 3])] },
  { op: 'Multinomial', args: [fed([2, 3])], attributes: { sample_size: 5 } },
  { op: 'NonMaxSuppression', args: [fed([1, 3, 4]), fed([1, 2, 3]), given([1], [2], 'int64')], open: true },
];

describe('reductions', () => {
  it.each(cases.map((test, index) => [`${test.op} #${index}`, test] as const))('%s', async (_, test) => {
    expect(await problemsOf(test)).toEqual([]);
  });
});
