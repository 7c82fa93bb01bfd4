import { describe, expect, it } from 'vitest';
import type { OpOptions } from '../../src/onnx/graph-builder.ts';
import { GraphBuilder, long } from '../../src/onnx/graph-builder.ts';
import type { Value } from '../../src/onnx/value.ts';
import { inspectModel } from '../../src/inspect/inspect-model.ts';
import { present } from '../onnx/present.ts';
import { Network } from './network.ts';

const contrib = { domain: 'com.microsoft' };

function macsOf(op: string, shapes: readonly (readonly number[] | null)[], options: OpOptions = {}): number {
  const g = new GraphBuilder();
  const inputs = shapes.map((shape, index) => shape && g.input(`x${index}`, 'float32', shape));
  g.op(op, inputs, options);
  const { macs } = inspectModel(g.model({ opset: 23, opsets: { 'com.microsoft': 1 } }), { dims: {} });
  expect(macs.unknown).toEqual({ shape: 0, tripCount: 0, operator: 0 });
  return macs.total;
}

describe('MACs of single operators', () => {
  it.each([
    [
      'each output times kernel times input channels of its group',
      'Conv',
      [
        [2, 8, 9],
        [6, 4, 3],
      ],
      { group: 2 },
      2 * 6 * 7 * (4 * 3),
    ],
    [
      'each input times kernel times output channels',
      'ConvTranspose',
      [
        [2, 4, 5, 5],
        [4, 3, 2, 2],
      ],
      {},
      2 * 4 * 25 * (3 * 4),
    ],
    [
      'leading axes broadcast',
      'MatMul',
      [
        [2, 1, 3, 4],
        [5, 4, 6],
      ],
      {},
      2 * 5 * 3 * 6 * 4,
    ],
    ['a vector product', 'MatMul', [[7], [7]], {}, 7],
    [
      'an empty batch',
      'MatMul',
      [
        [0, 3, 4],
        [4, 5],
      ],
      {},
      0,
    ],
    ['transposed operands', 'Gemm', [[4, 3], [5, 4], [5]], { transA: 1, transB: 1 }, 3 * 5 * 4],
    [
      'integers',
      'MatMulInteger',
      [
        [3, 4],
        [4, 5],
      ],
      {},
      60,
    ],
    [
      'four gates',
      'LSTM',
      [
        [5, 2, 3],
        [1, 16, 3],
        [1, 16, 4],
      ],
      { hidden_size: 4 },
      5 * 2 * 4 * 4 * (3 + 4),
    ],
    [
      'two directions',
      'GRU',
      [
        [5, 2, 3],
        [2, 12, 3],
        [2, 12, 4],
      ],
      { hidden_size: 4, direction: 'bidirectional' },
      5 * 2 * 2 * 3 * 4 * 7,
    ],
    [
      'one gate',
      'RNN',
      [
        [5, 2, 3],
        [1, 4, 3],
        [1, 4, 4],
      ],
      { hidden_size: 4 },
      5 * 2 * 4 * 7,
    ],
    [
      'a contraction',
      'Einsum',
      [
        [2, 3, 4],
        [2, 4, 5],
      ],
      { equation: 'bij,bjk->bik' },
      2 * 3 * 4 * 5,
    ],
    [
      'a chain, two at a time',
      'Einsum',
      [
        [2, 3],
        [3, 4],
        [4, 5],
      ],
      { equation: 'ab,bc,cd->ad' },
      2 * 3 * 4 + 2 * 4 * 5,
    ],
    [
      'no sum, no MAC',
      'Einsum',
      [
        [3, 4],
        [3, 4],
      ],
      { equation: 'ij,ij->ij' },
      0,
    ],
    ['one operand', 'Einsum', [[3, 4]], { equation: 'ij->ji' }, 0],
    [
      'both products',
      'Attention',
      [
        [2, 4, 3, 8],
        [2, 2, 5, 8],
        [2, 2, 5, 6],
      ],
      {},
      2 * 4 * 3 * 5 * (8 + 6),
    ],
    [
      'elementwise',
      'Add',
      [
        [2, 3],
        [2, 3],
      ],
      {},
      0,
    ],
    ['pooling', 'AveragePool', [[1, 3, 8, 8]], { kernel_shape: [2, 2] }, 0],
    ['normalization', 'LayerNormalization', [[2, 8], [8]], {}, 0],
  ] as const)('%s: %s', (_, op, shapes, attributes, expected) => {
    expect(macsOf(op, shapes, { attributes })).toBe(expected);
  });

  it.each([
    ['MatMulNBits', [[2, 3, 32], [8, 2, 8], [16]], { K: 32, N: 8, bits: 4, block_size: 16 }, 6 * 32 * 8],
    [
      'FusedMatMul',
      [
        [2, 4, 3],
        [5, 4],
      ],
      { transA: 1, transB: 1 },
      2 * 3 * 5 * 4,
    ],
    ['Attention', [[2, 3, 16], [16, 48], [48]], { num_heads: 4 }, 2 * 3 * 16 * 48 + 2 * 2 * 4 * 3 * 3 * 4],
    [
      'MultiHeadAttention',
      [
        [2, 3, 16],
        [2, 5, 16],
        [2, 5, 24],
      ],
      { num_heads: 4 },
      2 * 4 * 3 * 5 * (4 + 6),
    ],
    ['FastGelu', [[2, 3]], {}, 0],
  ] as const)("of onnxruntime's %s", (op, shapes, attributes, expected) => {
    expect(macsOf(op, shapes, { ...contrib, attributes })).toBe(expected);
  });

  it.each([
    [
      'QLinearConv',
      [
        [1, 2, 5, 5],
        [3, 2, 3, 3],
      ],
      3 * 9 * (2 * 9),
    ],
    [
      'QLinearMatMul',
      [
        [3, 4],
        [4, 5],
      ],
      60,
    ],
  ] as const)('of %s, scales between its operands', (op, [x = [], w = []], expected) => {
    expect(macsOf(op, [x, [], [], w, [], [], [], []])).toBe(expected);
  });
});

/** y = relu(x·w) with 3 x 4 x 4 = 48 MACs a round, inside a body. */
function productBody(g: GraphBuilder, x: Value): GraphBuilder {
  const body = g.subgraph('body');
  body.input('i', 'int64', []);
  const go = body.input('go', 'bool', []);
  const state = body.input('state', 'float32', null);
  body.output(body.op('Identity', [go]));
  body.output(body.op('MatMul', [state, x]));
  return body;
}

describe('MACs of what runs other nodes', () => {
  const go = { type: 'bool', dims: [], data: Uint8Array.of(1) } as const;

  it('are those of a round times the rounds of a Loop', () => {
    const g = new Network();
    const body = productBody(g, g.weight([4, 4]));
    const start = g.input('x', 'float32', [3, 4]);
    g.op('Loop', [g.constant('trips', long(5)), g.constant('go', go), start], { attributes: { body: body.graph } });
    expect(inspectModel(g.model(), { dims: {} }).macs.total).toBe(5 * 48);
  });

  it('are unknown where data decide how often a Loop runs', () => {
    const g = new Network();
    const body = productBody(g, g.weight([4, 4]));
    const inputs = [g.input('trips', 'int64', []), g.constant('go', go), g.input('x', 'float32', [3, 4])];
    g.op('Loop', inputs, { attributes: { body: body.graph } });
    const { macs, warnings } = inspectModel(g.model(), { dims: {} });
    expect(macs.unknown.tripCount).toBe(1);
    expect(warnings.map(({ code }) => code)).toContain('macs-incomplete');
  });

  it('are those of the dearer branch of an If', () => {
    const g = new Network();
    const x = g.input('x', 'float32', [3, 4]);
    const branch = (width: number) => {
      const b = g.subgraph('branch');
      b.output(b.op('MatMul', [x, g.weight([4, width])]));
      return b.graph;
    };
    const attributes = { then_branch: branch(2), else_branch: branch(9) };
    g.op('If', [g.input('c', 'bool', [])], { attributes });
    expect(inspectModel(g.model(), { dims: {} }).macs.total).toBe(3 * 4 * 9);
  });

  it('are unknown for operators nobody knows', () => {
    const g = new GraphBuilder();
    g.op('Mystery', [g.input('x', 'float32', [2])], { domain: 'custom' });
    const { macs, operators } = inspectModel(g.model(), { dims: {} });
    expect(macs.unknown.operator).toBe(1);
    expect(present(operators[0]).name).toBe('custom.Mystery');
  });
});
