import { describe, expect, it } from 'vitest';
import { problemsOf, fed, fixed, given, vector } from './operator-case.ts';
import type { OperatorCase } from './operator-case.ts';

const data = fed([2, 3, 4]);
const ones = fed([1, 3, 1, 2]);

const cases: readonly OperatorCase[] = [
  ...[[24], [-1], [2, -1], [0, -1], [0, 0, 4], [4, 3, 2, 1], [-1, 4], [0, 12]].map((target) => ({
    op: 'Reshape',
    args: [data, vector(...target)],
  })),
  { op: 'Reshape', args: [fed([]), vector(1, 1)] },
  { op: 'Reshape', args: [fed([1]), vector()] },
  { op: 'Reshape', args: [fed([0, 3]), vector(3, 0)], attributes: { allowzero: 1 } },
  { op: 'Reshape', args: [vector(1, 2, 3, 4), vector(2, 2)] },
  ...[-2, 0, 1, 2, 3].map((axis) => ({ op: 'Flatten', args: [data], attributes: { axis } })),
  { op: 'Flatten', args: [fed([])], attributes: { axis: 0 } },
  { op: 'Squeeze', args: [ones] },
  { op: 'Squeeze', args: [ones, vector(0)] },
  { op: 'Squeeze', args: [ones, vector(-2)] },
  { op: 'Squeeze', args: [ones], attributes: { axes: [0, 2] }, opset: 12 },
  { op: 'Squeeze', args: [vector(5), vector(0)] },
  { op: 'Unsqueeze', args: [data, vector(0, -1)] },
  { op: 'Unsqueeze', args: [data, vector(2, 1)] },
  { op: 'Unsqueeze', args: [data], attributes: { axes: [1, 3] }, opset: 12 },
  { op: 'Transpose', args: [data] },
  { op: 'Transpose', args: [data], attributes: { perm: [1, 2, 0] } },
  { op: 'Transpose', args: [given([2, 3], [1, 2, 3, 4, 5, 6], 'int64')] },
  { op: 'DepthToSpace', args: [fed([1, 8, 2, 3])], attributes: { blocksize: 2 } },
  { op: 'SpaceToDepth', args: [fed([1, 2, 4, 6])], attributes: { blocksize: 2 } },
  { op: 'Concat', args: [data, fed([2, 5, 4])], attributes: { axis: 1 } },
  { op: 'Concat', args: [data, fed([2, 3, 1]), data], attributes: { axis: -1 } },
  { op: 'Concat', args: [vector(1, 2), vector(3)], attributes: { axis: 0 } },
  { op: 'Concat', args: [fixed([2, 2], 'int64'), fixed([2, 1], 'int64')], attributes: { axis: 1 } },
  { op: 'Split', args: [data, vector(1, 3)], attributes: { axis: 2 }, outputs: 2 },
  { op: 'Split', args: [data], attributes: { axis: 2 }, outputs: 2 },
  { op: 'Split', args: [data], attributes: { axis: 1, split: [1, 2] }, outputs: 2, opset: 11 },
  { op: 'Split', args: [fed([7, 2])], attributes: { num_outputs: 3 }, outputs: 3, opset: 18 },
  { op: 'Split', args: [vector(4, 5, 6), vector(1, 2)], outputs: 2 },
  { op: 'Expand', args: [fed([3, 1]), vector(2, 1, 4)] },
  { op: 'Expand', args: [fed([3, 4]), vector(1)] },
  { op: 'Expand', args: [vector(1, 2), vector(3, 1)] },
  { op: 'Tile', args: [data, vector(2, 1, 3)] },
  { op: 'Tile', args: [given([2, 1], [1, 2], 'int64'), vector(2, 2)] },
  { op: 'Slice', args: [data, vector(0, 1), vector(1, 3)] },
  { op: 'Slice', args: [data, vector(1), vector(-1), vector(-1)] },
  { op: 'Slice', args: [data, vector(-1), vector(-1000), vector(2), vector(-1)] },
  { op: 'Slice', args: [data, vector(3), vector(0), vector(2), vector(-2)] },
  { op: 'Slice', args: [data, vector(0), vector(2 ** 53), vector(1), vector(2)] },
  { op: 'Slice', args: [data, vector(2), vector(1), vector(1)] },
  { op: 'Slice', args: [data, vector(-1), vector(-(2 ** 53)), vector(0), vector(-1)] },
  { op: 'Slice', args: [data], attributes: { starts: [0, 1], ends: [1, 9], axes: [0, 2] }, opset: 9 },
  { op: 'Slice', args: [vector(5, 6, 7, 8), vector(3), vector(-9), vector(0), vector(-2)] },
  { op: 'Slice', args: [fixed([4, 2], 'int64'), vector(1), vector(3), vector(0)] },
  { op: 'Slice', args: [data, vector(0), vector(2 ** 31 - 1), vector(0)] },
  { op: 'Pad', args: [data, vector(0, 1, 2, 3, 0, 1)] },
  { op: 'Pad', args: [data, vector(0, -1, 0, 0, 0, 2)] },
  { op: 'Pad', args: [data, vector(1, 2), null, vector(-1)], opset: 18 },
  { op: 'Pad', args: [data], attributes: { pads: [0, 1, 2, 3, 0, 1] }, opset: 10 },
];

describe('operators that move elements', () => {
  it.each(cases.map((test, index) => [`${test.op} #${index}`, test] as const))('%s', async (_, test) => {
    expect(await problemsOf(test)).toEqual([]);
  });
});
