import { describe, expect, it } from 'vitest';
import { problemsOf, fed, fixed, given, vector } from './operator-case.ts';
import type { OperatorCase } from './operator-case.ts';

const unary = [
  'Abs Acos Atan Ceil Cos Elu Erf Exp Floor HardSigmoid HardSwish Identity LeakyRelu Log LogSoftmax Neg Reciprocal',
  'Relu Round Selu Sigmoid Sign Sin Softmax Softplus Softsign Sqrt Tanh ThresholdedRelu Dropout IsNaN IsInf Hardmax',
].flatMap((names) => names.split(' '));

const cases: readonly OperatorCase[] = [
  ...unary.map((op) => ({ op, args: [fed([2, 3])] })),
  { op: 'Relu', args: [fed([])] },
  { op: 'Relu', args: [fed([0, 3])] },
  { op: 'Gelu', args: [fed([2, 3])], opset: 20 },
  { op: 'Mish', args: [fed([2, 3])], opset: 18 },
  { op: 'Trilu', args: [fed([3, 3])] },
  { op: 'CumSum', args: [fed([3, 3]), given([], [1], 'int32')] },
  { op: 'PRelu', args: [fed([2, 3]), fed([3])] },
  { op: 'Clip', args: [fed([2, 3]), given([], [0]), given([], [1])] },
  { op: 'LRN', args: [fed([1, 4, 3, 3])], attributes: { size: 3 } },
  { op: 'EyeLike', args: [fed([3, 2])], attributes: { dtype: 7 } },
  { op: 'EyeLike', args: [fed([3, 2])] },
  { op: 'RandomNormalLike', args: [fed([3, 2])] },
  { op: 'Dropout', args: [fed([2, 3])], outputs: 2 },
  { op: 'Dropout', args: [fed([2, 3]), given([], [0.5]), given([], [1], 'bool')], outputs: 2 },
  { op: 'Not', args: [fed([2, 3], 'bool')] },
  { op: 'Not', args: [given([2], [1, 0], 'bool')] },
  { op: 'Neg', args: [given([2], [1.5, -3])] },
  { op: 'Floor', args: [given([2], [1.5, -3.5])] },
  { op: 'Ceil', args: [given([2], [1.5, -3.5])] },
  { op: 'Abs', args: [vector(-4, 5)] },
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min', 'Sum', 'Mean'].flatMap((op) => [
    { op, args: [fed([2, 3]), fed([2, 3])] },
    { op, args: [fed([4, 1, 3]), fed([2, 1])] },
    { op, args: [fed([]), fed([2, 1])] },
    { op, args: [fed([0, 1]), fed([1, 3])] },
  ]),
  { op: 'Max', args: [fed([2, 3]), fed([3]), fed([4, 1, 1])] },
  ...['Add', 'Sub', 'Mul', 'Div', 'Max', 'Min', 'Mod'].flatMap((op) => [
    { op, args: [vector(7, -7, 9), vector(2)] },
    { op, args: [vector(7, -7), vector(-2, 3)] },
    { op, args: [vector(7, 0), given([2, 1], [5, -3], 'int64')] },
  ]),
  { op: 'Div', args: [given([2], [7, 1]), given([], [3])] },
  { op: 'Mul', args: [given([2], [0.1, 3]), given([], [0.7])] },
  { op: 'Mul', args: [given([1], [65536], 'int32'), given([], [65536], 'int32')] },
  { op: 'Mod', args: [fed([4]), given([], [3])], attributes: { fmod: 1 } },
  ...['Equal', 'Less', 'Greater', 'LessOrEqual', 'GreaterOrEqual'].flatMap((op) => [
    { op, args: [fed([4, 1]), fed([3])] },
    { op, args: [vector(1, 2, 3), vector(2)] },
  ]),
  ...['And', 'Or', 'Xor'].flatMap((op) => [
    { op, args: [fed([4, 1], 'bool'), fed([3], 'bool')] },
    { op, args: [given([4], [0, 0, 1, 1], 'bool'), given([4], [0, 1, 0, 1], 'bool')] },
  ]),
  { op: 'Where', args: [fed([4, 1], 'bool'), fed([3]), fed([2, 1, 1])] },
  { op: 'Where', args: [given([3], [0, 1, 0], 'bool'), vector(1, 2, 3), vector(7)] },
  ...[1, 6, 7, 9, 10, 11].map((to) => ({ op: 'Cast', args: [fed([2, 3])], attributes: { to } })),
  ...[1, 6, 7, 9, 11].map((to) => ({ op: 'Cast', args: [given([4], [2.75, -2.75, 0, 8])], attributes: { to } })),
  { op: 'Cast', args: [vector(3_000_000_000)], attributes: { to: 6 } },
  { op: 'CastLike', args: [fed([2, 3]), fixed([1], 'int64')] },
  { op: 'BitShift', args: [fed([2, 3], 'uint8'), fed([3], 'uint8')], attributes: { direction: 'LEFT' } },
];

describe('elementwise operators', () => {
  it.each(cases.map((test, index) => [`${test.op} #${index}`, test] as const))('%s', async (_, test) => {
    expect(await problemsOf(test)).toEqual([]);
  });
});
