import { describe, expect, it } from 'vitest';
import { problemsOf, fed, fixed, given } from './operator-case.ts';
import type { OperatorCase } from './operator-case.ts';

const nbits = [fed([2, 3, 32]), fixed([8, 2, 8], 'uint8'), fixed([16])];

const cases: readonly OperatorCase[] = [
  { op: 'MatMul', args: [fed([3, 4]), fed([4, 5])] },
  { op: 'MatMul', args: [fed([2, 1, 3, 4]), fed([6, 4, 5])] },
  { op: 'MatMul', args: [fed([4]), fed([4, 5])] },
  { op: 'MatMul', args: [fed([2, 3, 4]), fed([4])] },
  { op: 'MatMul', args: [fed([4]), fed([4])] },
  { op: 'MatMul', args: [fed([4]), fed([2, 4, 5])] },
  { op: 'Gemm', args: [fed([3, 4]), fed([4, 5]), fed([5])] },
  { op: 'Gemm', args: [fed([4, 3]), fed([5, 4])], attributes: { transA: 1, transB: 1 } },
  { op: 'MatMulInteger', args: [fed([2, 3, 4], 'uint8'), fed([4, 5], 'uint8')] },
  {
    op: 'QLinearMatMul',
    args: [
      fed([3, 4], 'uint8'),
      given([], [1]),
      given([], [0], 'uint8'),
      fed([4, 5], 'int8'),
      given([], [1]),
      given([], [0], 'int8'),
      given([], [1]),
      given([], [0], 'uint8'),
    ],
  },
  { op: 'MatMulNBits', args: nbits, attributes: { K: 32, N: 8, bits: 4, block_size: 16 }, domain: 'com.microsoft' },
  {
    op: 'FusedMatMul',
    args: [fed([2, 4, 3]), fed([5, 4])],
    attributes: { transA: 1, transB: 1 },
    domain: 'com.microsoft',
  },
  { op: 'FusedGemm', args: [fed([3, 4]), fed([4, 5])], attributes: { activation: 'Relu' }, domain: 'com.microsoft' },
  {
    op: 'MatMulIntegerToFloat',
    args: [fed([3, 4], 'uint8'), fed([4, 5], 'uint8'), given([], [1]), given([], [1])],
    domain: 'com.microsoft',
  },
  {
    op: 'DynamicQuantizeMatMul',
    args: [fed([3, 4]), fixed([4, 5], 'uint8'), given([], [1])],
    domain: 'com.microsoft',
  },
  {
    op: 'QGemm',
    args: [
      fed([3, 4], 'uint8'),
      given([], [1]),
      given([], [0], 'uint8'),
      fixed([4, 5], 'uint8'),
      given([], [1]),
      given([], [0], 'uint8'),
    ],
    domain: 'com.microsoft',
  },
  {
    op: 'QGemm',
    args: [
      fed([3, 4], 'uint8'),
      given([], [1]),
      given([], [0], 'uint8'),
      fixed([5, 4], 'int8'),
      given([], [1]),
      given([], [0], 'int8'),
      null,
      given([], [1]),
      given([], [0], 'uint8'),
    ],
    attributes: { transB: 1 },
    domain: 'com.microsoft',
  },
  ...(
    [
      ['ij,jk->ik', [3, 4], [4, 5]],
      ['bij,bjk->bik', [2, 3, 4], [2, 4, 5]],
      ['...ij,...jk->...ik', [6, 2, 3, 4], [1, 2, 4, 5]],
      ['ij,jk', [3, 4], [4, 5]],
      ['ii->i', [3, 3]],
      ['ij->ji', [3, 4]],
      ['ij->', [3, 4]],
      ['bhqd,bhkd->bhqk', [2, 3, 4, 5], [2, 3, 6, 5]],
      ['i,j->ij', [3], [4]],
      ['i...->...', [3, 4, 5]],
      ['ab,bc,cd->ad', [2, 3], [3, 4], [4, 5]],
    ] as const
  ).map(([equation, ...shapes]) => ({ op: 'Einsum', args: shapes.map((dims) => fed(dims)), attributes: { equation } })),
];

describe('matrix products', () => {
  it.each(cases.map((test, index) => [`${test.op} #${index}`, test] as const))('%s', async (_, test) => {
    expect(await problemsOf(test)).toEqual([]);
  });
});
