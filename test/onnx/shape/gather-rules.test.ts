import { describe, expect, it } from 'vitest';
import { problemsOf, fed, fixed, given, vector } from './operator-case.ts';
import type { OperatorCase } from './operator-case.ts';

const data = fed([2, 3, 4]);
const places = (dims: readonly number[]) =>
  given(
    dims,
    Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => i % 2),
    'int64',
  );

const cases: readonly OperatorCase[] = [
  { op: 'Gather', args: [data, places([])] },
  { op: 'Gather', args: [data, places([2, 5])], attributes: { axis: 1 } },
  { op: 'Gather', args: [data, fed([0], 'int64')], attributes: { axis: -1 } },
  { op: 'Gather', args: [vector(7, 8, 9), given([], [-1], 'int64')] },
  { op: 'Gather', args: [vector(7, 8, 9), vector(2, 0)] },
  { op: 'Gather', args: [given([2, 2], [1, 2, 3, 4], 'int64'), vector(1, 0)], attributes: { axis: 1 } },
  { op: 'GatherElements', args: [data, places([2, 2, 4])], attributes: { axis: 1 } },
  { op: 'GatherND', args: [data, places([5, 2])] },
  { op: 'GatherND', args: [data, places([2, 5, 1])], attributes: { batch_dims: 1 } },
  { op: 'ScatterElements', args: [data, places([1, 1, 1]), fed([1, 1, 1])] },
  { op: 'ScatterND', args: [data, places([5, 3]), fed([5])] },
  { op: 'Compress', args: [data, given([3], [1, 0, 1], 'bool')], attributes: { axis: 1 } },
  { op: 'Compress', args: [data, given([4], [1, 0, 1, 1], 'bool')] },
  { op: 'NonZero', args: [data], open: true },
  { op: 'NonZero', args: [given([4], [0, 3, 0, 1])] },
  { op: 'NonZero', args: [fed([])], open: true },
  {
    op: 'GatherBlockQuantized',
    args: [fixed([4, 16], 'uint8'), given([3], [0, 1, 2], 'int64'), fixed([4, 2])],
    attributes: { bits: 4, block_size: 16, gather_axis: 0, quantize_axis: 1 },
    domain: 'com.microsoft',
  },
];

describe('gathering', () => {
  it.each(cases.map((test, index) => [`${test.op} #${index}`, test] as const))('%s', async (_, test) => {
    expect(await problemsOf(test)).toEqual([]);
  });
});
