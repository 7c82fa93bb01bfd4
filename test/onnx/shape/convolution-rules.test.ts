import { describe, expect, it } from 'vitest';
import { problemsOf, fed, fixed, given, vector } from './operator-case.ts';
import type { OperatorCase } from './operator-case.ts';

const conv = { op: 'Conv', args: [fed([2, 4, 9, 7]), fixed([6, 4, 3, 3])] };
const spread = { op: 'ConvTranspose', args: [fed([2, 4, 5, 6]), fixed([4, 3, 3, 3])] };

const cases: readonly OperatorCase[] = [
  conv,
  { ...conv, args: [...conv.args, fixed([6])] },
  ...['VALID', 'SAME_UPPER', 'SAME_LOWER', 'NOTSET'].flatMap((auto_pad) => [
    { ...conv, attributes: { auto_pad } },
    { ...conv, attributes: { auto_pad, strides: [2, 3] } },
  ]),
  { ...conv, attributes: { auto_pad: 'VALID', strides: [1, 2], dilations: [2, 3] } },
  { ...conv, attributes: { pads: [1, 1, 1, 1] } },
  { ...conv, attributes: { pads: [0, 1, 2, 3], strides: [2, 2], dilations: [1, 2] } },
  { op: 'Conv', args: [fed([2, 4, 9, 7]), fixed([8, 1, 3, 3])], attributes: { group: 4, kernel_shape: [3, 3] } },
  { op: 'Conv', args: [fed([2, 4, 9]), fixed([8, 4, 3])] },
  { op: 'Conv', args: [fed([1, 2, 5, 6, 7]), fixed([3, 2, 1, 2, 3])] },
  { op: 'Conv', args: [fed([0, 4, 9, 7]), fixed([6, 4, 3, 3])] },
  spread,
  { ...spread, args: [...spread.args, fixed([3])] },
  { ...spread, attributes: { strides: [2, 3], pads: [1, 0, 1, 2], output_padding: [1, 0] } },
  { ...spread, attributes: { strides: [2, 2], dilations: [2, 1] } },
  { ...spread, attributes: { strides: [2, 2], output_shape: [10, 12] } },
  { ...spread, attributes: { strides: [2, 2], auto_pad: 'VALID' } },
  { ...spread, attributes: { strides: [2, 2], auto_pad: 'SAME_UPPER' } },
  { ...spread, attributes: { strides: [2, 3], auto_pad: 'SAME_LOWER' } },
  { ...spread, attributes: { strides: [2, 3], auto_pad: 'SAME_LOWER', output_padding: [1, 0] }, open: true },
  { op: 'ConvTranspose', args: [fed([2, 4, 5, 6]), fixed([4, 3, 3, 3])], attributes: { group: 2 } },
  { op: 'ConvInteger', args: [fed([1, 2, 5, 5], 'uint8'), fixed([3, 2, 3, 3], 'uint8')] },
  {
    op: 'QLinearConv',
    args: [
      fed([1, 2, 5, 5], 'uint8'),
      given([], [1]),
      given([], [0], 'uint8'),
      fixed([3, 2, 3, 3], 'int8'),
      given([], [1]),
      given([], [0], 'int8'),
      given([], [1]),
      given([], [0], 'uint8'),
    ],
  },
  { op: 'FusedConv', args: conv.args, attributes: { activation: 'Relu' }, domain: 'com.microsoft' },
  { op: 'Col2Im', args: [fed([1, 20, 12]), vector(5, 6), vector(2, 2)], attributes: { strides: [1, 2] }, opset: 18 },
  {
    op: 'DeformConv',
    args: [fed([1, 2, 5, 5]), fixed([3, 2, 2, 2]), fed([1, 8, 4, 4]), fixed([3])],
    attributes: { kernel_shape: [2, 2], pads: [0, 0, 0, 0] },
    opset: 19,
  },
];

describe('convolutions', () => {
  it.each(cases.map((test, index) => [`${test.op} #${index}`, test] as const))('%s', async (_, test) => {
    expect(await problemsOf(test)).toEqual([]);
  });
});
