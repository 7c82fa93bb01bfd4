import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { floats, GraphBuilder, long, longs } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';

export function randomFloats(dims: readonly number[], seed = 1): DenseTensor {
  const random = createRandom(seed, 'batch');
  return {
    type: 'float32',
    dims,
    data: Float32Array.from({ length: elementCount(dims) }, () => random.next() * 2 - 1),
  };
}

export type Write = (g: GraphBuilder, x: Value) => Value;

export interface Written {
  readonly dims: readonly number[];
  readonly write: Write;
  readonly opset?: number;
  /** Axis of the output that has the samples. */
  readonly axis?: number;
}

export function modelOf({ dims, write, opset = 17 }: Written): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', dims);
  g.output(write(g, x), 'y', tensorType('float32'));
  return g.model({ opset });
}

export const shape = (g: GraphBuilder, values: readonly number[]) => g.constant('shape', longs(values));
export const weights = (g: GraphBuilder, dims: readonly number[], seed = 7) =>
  g.constant('w', randomFloats(dims, seed));

/** As mnist-8: convolutions, a reshape that names the batch, a matrix product. */
const digits: Write = (g, x) => {
  const conv = g.op('Conv', [x, weights(g, [4, 1, 3, 3])], { attributes: { auto_pad: 'SAME_UPPER' } });
  const biased = g.op('Relu', [g.op('Add', [conv, weights(g, [4, 1, 1])])]);
  const pooled = g.op('MaxPool', [biased], { attributes: { kernel_shape: [2, 2], strides: [2, 2] } });
  const rows = g.op('Reshape', [pooled, shape(g, [1, 64])]);
  rows.setType(tensorType('float32', [1, 64]));
  return g.op('Add', [g.op('MatMul', [rows, weights(g, [64, 5])]), weights(g, [1, 5])]);
};

/** Heads split off and put together again, as exporters write them for a fixed batch. */
const attention: Write = (g, x) => {
  const heads = (seed: number) => {
    const projected = g.op('MatMul', [x, weights(g, [8, 8], seed)]);
    const split = g.op('Reshape', [projected, shape(g, [1, 5, 2, 4])]);
    return g.op('Transpose', [split], { attributes: { perm: [0, 2, 1, 3] } });
  };
  const keys = g.op('Transpose', [heads(2)], { attributes: { perm: [0, 1, 3, 2] } });
  const scores = g.op('Softmax', [g.op('MatMul', [heads(1), keys])], { attributes: { axis: -1 } });
  const mixed = g.op('Transpose', [g.op('MatMul', [scores, heads(3)])], { attributes: { perm: [0, 2, 1, 3] } });
  return g.op('LayerNormalization', [
    g.op('Add', [g.op('Reshape', [mixed, shape(g, [1, -1, 8])]), x]),
    weights(g, [8]),
  ]);
};

/** The batch size is read off a tensor, and the target of a reshape is put together with it. */
const ownSize: Write = (g, x) => {
  const size = g.op('Gather', [g.op('Shape', [x]), g.constant('zero', long(0))]);
  const list = g.op('Unsqueeze', [size, shape(g, [0])]);
  const rows = g.op('Reshape', [x, g.op('Concat', [list, shape(g, [12])], { attributes: { axis: 0 } })]);
  const first = g.op('Slice', [g.op('Shape', [x]), shape(g, [0]), shape(g, [1])]);
  const zeros = g.op('ConstantOfShape', [g.op('Concat', [first, shape(g, [1])], { attributes: { axis: 0 } })]);
  const extra = g.op('Expand', [
    weights(g, [1, 2]),
    g.op('Concat', [list, shape(g, [2])], { attributes: { axis: 0 } }),
  ]);
  return g.op('Concat', [rows, zeros, extra], { attributes: { axis: 1 } });
};

/** Models of one sample a run that can take more. */
export const sound: Readonly<Record<string, Written>> = {
  'a digit classifier': { dims: [1, 1, 8, 8], write: digits },
  attention: { dims: [1, 5, 8], write: attention },
  'shapes read off': { dims: [1, 3, 4], write: ownSize },
  'a recurrent layer': {
    dims: [1, 5, 3],
    write: (g, x) => {
      const turned = g.op('Transpose', [x], { attributes: { perm: [1, 0, 2] } });
      const inputs = [turned, weights(g, [1, 16, 3]), weights(g, [1, 16, 4])];
      const [states] = g.ops('LSTM', inputs, { outputs: 3, attributes: { hidden_size: 4 } });
      return g.op('Squeeze', [states ?? null, shape(g, [1])]);
    },
    axis: 1,
  },
  'reductions and choices': {
    dims: [1, 3, 4, 2],
    write: (g, x) => {
      const mean = g.op('ReduceMean', [x], { attributes: { axes: [-1, 1], keepdims: 0 } });
      const [top] = g.ops('TopK', [mean, shape(g, [2])], { outputs: 2 });
      return g.op('Where', [
        g.op('Greater', [top ?? null, g.constant('c', floats([], [0]))]),
        top ?? null,
        weights(g, [1, 2]),
      ]);
    },
  },
  'old softmax and flatten': {
    dims: [1, 3, 4],
    write: (g, x) => g.op('Flatten', [g.op('Softmax', [x])]),
    opset: 11,
  },
  movement: {
    dims: [1, 3, 4],
    write: (g, x) => {
      const padded = g.op('Pad', [x, shape(g, [0, 1, 0, 0, 0, 2])]);
      const part = g.op('Slice', [padded, shape(g, [1, 0]), shape(g, [4, 2 ** 40]), shape(g, [1, 0])]);
      const tiled = g.op('Tile', [part, shape(g, [1, 2, 1])]);
      const [left, right] = g.ops('Split', [tiled], { outputs: 2, attributes: { axis: 2 } });
      const joined = g.op('Concat', [right ?? null, left ?? null], { attributes: { axis: 1 } });
      const grown = g.op('Expand', [g.op('Unsqueeze', [joined, shape(g, [1])]), shape(g, [1, 2, 12, 3])]);
      return g.op('Gather', [grown, shape(g, [1, 0, 1])], { attributes: { axis: 2 } });
    },
  },
  tokens: {
    dims: [1, 4],
    write: (g, x) => {
      const ids = g.op('Cast', [g.op('Abs', [g.op('Mul', [x, g.constant('c', floats([], [4]))])])], {
        attributes: { to: 7 },
      });
      const embedded = g.op('Gather', [weights(g, [5, 3]), ids]);
      const marked = g.op('OneHot', [ids, g.constant('d', long(5)), g.constant('v', floats([2], [0, 1]))]);
      const both = g.op('Concat', [embedded, marked], { attributes: { axis: 2 } });
      const best = g.op('ArgMax', [both], { attributes: { axis: -1, keepdims: 0 } });
      const running = g.op('CumSum', [g.op('Cast', [best], { attributes: { to: 1 } }), g.constant('a', long(1))]);
      return g.op('GatherElements', [running, g.op('Clip', [ids, null, g.constant('m', long(3))])], {
        attributes: { axis: 1 },
      });
    },
  },
  'columns and stacks': {
    dims: [1, 4],
    write: (g, x) => {
      const columns = g.op('MatMul', [weights(g, [3, 4]), g.op('Transpose', [x])]);
      const rows = g.op('Gemm', [columns, weights(g, [3, 3], 8), weights(g, [1, 3], 9)], { attributes: { transA: 1 } });
      return g.op('MatMul', [g.op('Unsqueeze', [rows, shape(g, [1])]), weights(g, [1, 3, 2])]);
    },
  },
  quantized: {
    dims: [1, 2, 3],
    write: (g, x) => {
      const zero = g.constant('z', { type: 'int8', dims: [], data: Int8Array.of(3) });
      const scale = g.constant('s', floats([], [0.02]));
      const quantized = g.op('QuantizeLinear', [x, scale, zero]);
      return g.op('DequantizeLinear', [quantized, scale, zero]);
    },
  },
  'rows in front of an image': {
    dims: [1, 6],
    write: (g, x) => {
      const image = g.op('Reshape', [x, shape(g, [1, 1, 2, 3])]);
      const scales = g.constant('s', floats([4], [1, 1, 2, 2]));
      const resized = g.op('Resize', [image, null, scales], { attributes: { mode: 'nearest' } });
      return g.op('Gemm', [g.op('Reshape', [resized, shape(g, [-1, 24])]), weights(g, [4, 24]), weights(g, [4])], {
        attributes: { transB: 1 },
      });
    },
  },
};
