import { describe, expect, it } from 'vitest';
import { problemsOf, fed, fixed, given } from './operator-case.ts';
import type { OperatorCase } from './operator-case.ts';

const x = fed([5, 2, 3]);
const heads4 = [fed([2, 4, 3, 8]), fed([2, 2, 5, 8]), fed([2, 2, 5, 6])];
const tokens = fed([2, 3, 16]);

const cases: readonly OperatorCase[] = [
  ...(
    [
      ['LSTM', 4, 3],
      ['GRU', 3, 2],
      ['RNN', 1, 2],
    ] as const
  ).flatMap(([op, gates, outputs]) => [
    { op, args: [x, fixed([1, gates * 4, 3]), fixed([1, gates * 4, 4])], attributes: { hidden_size: 4 }, outputs },
    {
      op,
      args: [x, fixed([2, gates * 4, 3]), fixed([2, gates * 4, 4])],
      attributes: { hidden_size: 4, direction: 'bidirectional' },
      outputs,
    },
  ]),
  { op: 'LayerNormalization', args: [tokens, fixed([16])], outputs: 3 },
  { op: 'LayerNormalization', args: [tokens, fixed([3, 16])], attributes: { axis: 1 } },
  { op: 'RMSNormalization', args: [tokens, fixed([16])], opset: 23 },
  { op: 'BatchNormalization', args: [fed([2, 3, 4]), ...Array.from({ length: 4 }, () => given([3], [1, 1, 1]))] },
  { op: 'InstanceNormalization', args: [fed([2, 3, 4]), fixed([3]), fixed([3])] },
  {
    op: 'GroupNormalization',
    args: [fed([2, 4, 4]), fixed([4]), fixed([4])],
    attributes: { num_groups: 2 },
    opset: 21,
  },
  { op: 'LpNormalization', args: [tokens] },
  { op: 'MeanVarianceNormalization', args: [fed([2, 3, 4, 4])] },
  { op: 'SkipLayerNormalization', args: [tokens, tokens, fixed([16])], outputs: 1, domain: 'com.microsoft' },
  ...['Gelu', 'FastGelu', 'QuickGelu'].map((op) => ({ op, args: [tokens], domain: 'com.microsoft' })),
  { op: 'BiasGelu', args: [tokens, fixed([16])], domain: 'com.microsoft' },
  { op: 'Attention', args: heads4, opset: 23 },
  {
    op: 'Attention',
    args: [...heads4, null, fed([2, 2, 4, 8]), fed([2, 2, 4, 6])],
    outputs: 3,
    opset: 23,
  },
  {
    op: 'Attention',
    args: [fed([2, 3, 32]), fed([2, 5, 16]), fed([2, 5, 12])],
    attributes: { q_num_heads: 4, kv_num_heads: 2 },
    opset: 23,
  },
  {
    op: 'Attention',
    args: [tokens, fixed([16, 48]), fixed([48])],
    attributes: { num_heads: 4 },
    domain: 'com.microsoft',
  },
  {
    op: 'MultiHeadAttention',
    args: [tokens, fed([2, 5, 16]), fed([2, 5, 24])],
    attributes: { num_heads: 4 },
    domain: 'com.microsoft',
  },
  {
    op: 'MultiHeadAttention',
    args: [tokens, fed([2, 4, 5, 4]), fed([2, 4, 5, 4])],
    attributes: { num_heads: 4 },
    domain: 'com.microsoft',
  },
  {
    op: 'GroupQueryAttention',
    args: [
      fed([2, 3, 32]),
      fed([2, 3, 16]),
      fed([2, 3, 16]),
      fed([2, 2, 0, 8]),
      fed([2, 2, 0, 8]),
      given([2, 1], [2, 2], 'int32'),
      given([], [3], 'int32'),
    ],
    attributes: { num_heads: 4, kv_num_heads: 2 },
    outputs: 3,
    domain: 'com.microsoft',
    open: true,
  },
  {
    op: 'EmbedLayerNormalization',
    args: [
      given([2, 3], [0, 1, 1, 0, 1, 1], 'int32'),
      null,
      fixed([2, 16]),
      fixed([4, 16]),
      null,
      fixed([16]),
      fixed([16]),
    ],
    outputs: 2,
    domain: 'com.microsoft',
    constantsOnly: true,
  },
];

describe('recurrent layers, normalization and attention', () => {
  it.each(cases.map((test, index) => [`${test.op} #${index}`, test] as const))('%s', async (_, test) => {
    expect(await problemsOf(test)).toEqual([]);
  });
});
