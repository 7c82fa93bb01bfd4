import { Tensor } from '../../../src/onnx/tensor.ts';
import { tensorOfNumbers } from '../../../src/onnx/tensor-types/tensor-of-numbers.ts';
import { describe, expect, it } from 'vitest';
import { problemsOf, fed, given, vector } from './operator-case.ts';
import type { OperatorCase } from './operator-case.ts';

const cases: readonly OperatorCase[] = [
  { op: 'Constant', args: [], attributes: { value_int: 5 } },
  { op: 'Constant', args: [], attributes: { value_ints: [5, 6] } },
  { op: 'Constant', args: [], attributes: { value_float: { float: 5 } } },
  { op: 'Constant', args: [], attributes: { value_floats: { floats: [1.5, 2] } } },
  { op: 'Constant', args: [], attributes: { value: Tensor.fromDense(tensorOfNumbers('int32', [2, 1], [3, 4])) } },
  { op: 'ConstantOfShape', args: [vector(2, 3)] },
  { op: 'ConstantOfShape', args: [vector()] },
  {
    op: 'ConstantOfShape',
    args: [vector(3)],
    attributes: { value: Tensor.fromDense(tensorOfNumbers('int64', [1], [9])) },
  },
  { op: 'Shape', args: [fed([2, 0, 4])] },
  { op: 'Shape', args: [fed([])] },
  { op: 'Shape', args: [fed([2, 3, 4])], attributes: { start: 1 } },
  { op: 'Shape', args: [fed([2, 3, 4])], attributes: { start: -2, end: -1 } },
  { op: 'Shape', args: [fed([2, 3, 4])], attributes: { start: 2, end: 1 } },
  { op: 'Shape', args: [fed([2, 3, 4])], attributes: { start: -9, end: 9 } },
  { op: 'Size', args: [fed([2, 3, 4])] },
  ...[
    [0, 5, 1],
    [5, 0, -2],
    [0, 7, 3],
    [3, 3, 1],
    [4, 3, 1],
  ].map((bounds) => ({ op: 'Range', args: bounds.map((bound) => given([], [bound], 'int64')) })),
  { op: 'Range', args: [given([], [0]), given([], [6]), given([], [2])] },
  { op: 'Range', args: [given([], [0]), given([], [1]), given([], [0.1])], open: true },
  { op: 'OneHot', args: [fed([2, 3], 'int64'), given([], [5], 'int64'), given([2], [0, 1])] },
  { op: 'OneHot', args: [fed([2, 3], 'int64'), vector(5), given([2], [0, 1])], attributes: { axis: 0 } },
  { op: 'RandomNormal', args: [], attributes: { shape: [2, 3] } },
  { op: 'HannWindow', args: [given([], [7], 'int64')] },
  { op: 'Resize', args: [fed([1, 2, 5, 6]), null, given([4], [1, 1, 2, 2])] },
  { op: 'Resize', args: [fed([1, 2, 5, 6]), null, given([4], [1, 1, 0.5, 1.7])] },
  { op: 'Resize', args: [fed([1, 2, 10, 30]), null, given([4], [1, 1, 0.3, 0.1])], open: true },
  { op: 'Resize', args: [fed([1, 2, 5, 6]), null, null, vector(1, 2, 7, 3)], constantsOnly: true },
  {
    op: 'Resize',
    args: [fed([1, 2, 5, 6]), given([0], []), given([0], []), vector(1, 2, 7, 3)],
    opset: 11,
    constantsOnly: true,
  },
  {
    op: 'Resize',
    args: [fed([1, 2, 5, 6]), null, null, vector(7, 3)],
    attributes: { axes: [3, 2] },
    opset: 18,
    constantsOnly: true,
  },
  { op: 'Resize', args: [fed([1, 2, 5, 6]), null, given([2], [2, 3])], attributes: { axes: [-1, 2] }, opset: 18 },
  {
    op: 'Resize',
    args: [fed([1, 2, 5, 6]), null, null, vector(7, 3)],
    constantsOnly: true,
    attributes: { axes: [2, 3], keep_aspect_ratio_policy: 'not_larger' },
    opset: 18,
    open: true,
  },
  { op: 'Resize', args: [fed([1, 2, 5, 6]), given([4], [1, 1, 2, 2])], opset: 10 },
  { op: 'Upsample', args: [fed([1, 2, 5, 6]), given([4], [1, 1, 2, 2])], opset: 9 },
  { op: 'Upsample', args: [fed([1, 2, 5, 6])], attributes: { scales: { floats: [1, 1, 2, 3] } }, opset: 7 },
  { op: 'GridSample', args: [fed([1, 2, 5, 6]), fed([1, 3, 4, 2])] },
  { op: 'AffineGrid', args: [fed([1, 2, 3]), vector(1, 2, 5, 6)], opset: 20 },
  { op: 'QuantizeLinear', args: [fed([2, 3]), given([], [0.5]), given([], [0], 'int8')] },
  { op: 'QuantizeLinear', args: [fed([2, 3]), given([], [0.5])] },
  { op: 'QuantizeLinear', args: [fed([2, 3]), given([], [0.5])], attributes: { output_dtype: 3 }, opset: 21 },
  { op: 'DequantizeLinear', args: [fed([2, 3], 'int8'), given([], [0.5])] },
  { op: 'DynamicQuantizeLinear', args: [fed([2, 3])], outputs: 3 },
  {
    op: 'QLinearAdd',
    args: [
      fed([2, 3], 'uint8'),
      given([], [1]),
      given([], [0], 'uint8'),
      fed([3], 'uint8'),
      given([], [1]),
      given([], [0], 'uint8'),
      given([], [1]),
      given([], [0], 'uint8'),
    ],
    domain: 'com.microsoft',
  },
  {
    op: 'QLinearConcat',
    args: [
      given([], [1]),
      given([], [0], 'uint8'),
      fed([2, 3], 'uint8'),
      given([], [1]),
      given([], [0], 'uint8'),
      fed([2, 4], 'uint8'),
      given([], [1]),
      given([], [0], 'uint8'),
    ],
    attributes: { axis: 1 },
    domain: 'com.microsoft',
  },
];

describe('constants, resizing and quantization', () => {
  it.each(cases.map((test, index) => [`${test.op} #${index}`, test] as const))('%s', async (_, test) => {
    expect(await problemsOf(test)).toEqual([]);
  });
});
