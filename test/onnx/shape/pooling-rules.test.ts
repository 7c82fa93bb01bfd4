import { describe, expect, it } from 'vitest';
import { problemsOf, fed, given, vector } from './operator-case.ts';
import type { OperatorCase } from './operator-case.ts';

const image = [fed([2, 3, 9, 8])];
const pools = ['MaxPool', 'AveragePool'];

const cases: readonly OperatorCase[] = [
  ...pools.flatMap(
    (op) =>
      [
        { op, args: image, attributes: { kernel_shape: [2, 2] } },
        { op, args: image, attributes: { kernel_shape: [3, 2], strides: [2, 2], pads: [1, 0, 1, 1] } },
        { op, args: image, attributes: { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 } },
        { op, args: image, attributes: { kernel_shape: [2, 2], strides: [3, 3], ceil_mode: 1 }, open: true },
        {
          op,
          args: image,
          attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 },
          open: true,
        },
        {
          op,
          args: image,
          attributes: { kernel_shape: [1, 1], strides: [3, 5], pads: [0, 0, 0, 0], ceil_mode: 1 },
          open: true,
        },
        {
          op,
          args: image,
          attributes: { kernel_shape: [2, 2], strides: [4, 4], pads: [1, 1, 1, 1], ceil_mode: 1 },
          open: true,
        },
        { op, args: image, attributes: { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_UPPER' } },
        { op, args: image, attributes: { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'SAME_LOWER' } },
        { op, args: image, attributes: { kernel_shape: [3, 3], strides: [2, 2], auto_pad: 'VALID' } },
        { op, args: image, attributes: { kernel_shape: [3, 3], auto_pad: 'VALID', ceil_mode: 1 }, open: true as const },
        { op, args: [fed([2, 3, 9])], attributes: { kernel_shape: [4], strides: [2] } },
        { op, args: [fed([1, 1, 4, 5, 6])], attributes: { kernel_shape: [2, 2, 2] } },
      ] as const,
  ),
  { op: 'MaxPool', args: image, attributes: { kernel_shape: [2, 3], dilations: [2, 3] }, outputs: 2 },
  { op: 'AveragePool', args: image, attributes: { kernel_shape: [2, 3], dilations: [2, 3] }, opset: 19 },
  { op: 'LpPool', args: image, attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
  { op: 'LpPool', args: image, attributes: { kernel_shape: [2, 2], dilations: [2, 1] }, opset: 18, open: true },
  ...['GlobalMaxPool', 'GlobalAveragePool', 'GlobalLpPool'].map((op) => ({ op, args: image })),
  { op: 'GlobalAveragePool', args: [fed([2, 3, 9])] },
  {
    op: 'RoiAlign',
    args: [fed([2, 3, 9, 8]), fed([4, 4]), given([4], [0, 1, 0, 1], 'int64')],
    attributes: { output_height: 3, output_width: 2 },
  },
  { op: 'MaxRoiPool', args: [fed([1, 3, 9, 8]), given([1, 5], [0, 0, 0, 3, 3])], attributes: { pooled_shape: [3, 2] } },
  {
    op: 'MaxUnpool',
    args: [fed([1, 1, 2, 2]), given([1, 1, 2, 2], [0, 2, 8, 10], 'int64')],
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  },
  {
    op: 'MaxUnpool',
    args: [fed([1, 1, 2, 2]), given([1, 1, 2, 2], [0, 2, 8, 10], 'int64'), vector(1, 1, 5, 5)],
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  },
];

describe('pools', () => {
  it.each(cases.map((test, index) => [`${test.op} #${index}`, test] as const))('%s', async (_, test) => {
    expect(await problemsOf(test)).toEqual([]);
  });
});
