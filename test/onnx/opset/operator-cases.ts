import type { DenseTensor } from '../../../src/onnx/dense-tensor.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import type { OpOptions } from '../../../src/onnx/graph-builder.ts';
import { floats, long, longs } from '../../../src/onnx/graph-builder.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';

/** One node at an old opset. */
export interface OperatorCase {
  readonly op: string;
  readonly from: number;
  /** Shape of the input; its content is random unless `x` says otherwise. */
  readonly dims?: readonly number[];
  readonly x?: DenseTensor;
  readonly constants?: readonly DenseTensor[];
  readonly attributes?: OpOptions['attributes'];
  readonly outputs?: number;
  readonly targets?: readonly number[];
  /** Declares the input without its shape. */
  readonly shapeless?: boolean;
  /** onnxruntime has another kernel for the newer version, which adds up in another order. */
  readonly rounding?: boolean;
}

export function randomTensor(dims: readonly number[], seed = 1): DenseTensor {
  const random = createRandom(seed, 'upgrade');
  return {
    type: 'float32',
    dims,
    data: Float32Array.from({ length: elementCount(dims) }, () => random.next() * 4 - 2),
  };
}

const imageSize = [1, 2, 6, 6];
const perChannel = [1, 2, 3, 4].map((seed) => ({ ...randomTensor([3], seed), data: Float32Array.of(0.5, seed, 2) }));

/** Every rewrite that an upgrade knows, and operators whose new versions need none. */
export const operatorCases: readonly OperatorCase[] = [
  // Attributes that became inputs.
  ...['ReduceSum', 'ReduceMean', 'ReduceMax', 'ReduceMin', 'ReduceProd', 'ReduceL1', 'ReduceL2'].flatMap((op) => [
    { op, from: 8, attributes: { axes: [1, 2], keepdims: 0 } },
    { op, from: 11, attributes: { axes: [-1] } },
    { op, from: 13, ...(op !== 'ReduceSum' && { attributes: { axes: [0] } }) },
    { op, from: 8 },
  ]),
  ...['ReduceLogSum', 'ReduceLogSumExp', 'ReduceSumSquare'].map((op) => ({
    op,
    from: 11,
    x: floats([2, 3], [1, 2, 3, 4, 5, 6]),
    attributes: { axes: [1] },
  })),
  { op: 'Squeeze', from: 8, dims: [1, 3, 1], attributes: { axes: [0, 2] } },
  { op: 'Squeeze', from: 11, dims: [1, 3, 1] },
  { op: 'Unsqueeze', from: 11, attributes: { axes: [0, -1] } },
  { op: 'Split', from: 11, attributes: { split: [1, 3], axis: 2 }, outputs: 2 },
  { op: 'Split', from: 11, attributes: { axis: 2 }, outputs: 2 },
  { op: 'Split', from: 13, constants: [longs([3, 1])], attributes: { axis: 2 }, outputs: 2 },
  { op: 'Slice', from: 8, attributes: { starts: [1, -3], ends: [2, 2n ** 63n - 1n], axes: [0, 2] } },
  { op: 'Slice', from: 9, attributes: { starts: [0, 1], ends: [1, 3] } },
  { op: 'TopK', from: 8, attributes: { k: 2, axis: 1 }, outputs: 2 },
  { op: 'Clip', from: 8, attributes: { min: -0.5, max: { float: 1 } } },
  { op: 'Clip', from: 8, attributes: { max: 0.25 }, x: floats([3], [-Infinity, Infinity, 0]) },
  { op: 'Pad', from: 8, attributes: { pads: [0, 1, 0, 1, 0, 2], value: 1.5 } },
  { op: 'Pad', from: 8, attributes: { pads: [0, 1, 0, 1, 0, -2], mode: 'reflect' } },
  { op: 'Dropout', from: 7, attributes: { ratio: 0.25 } },
  { op: 'Dropout', from: 10 },
  { op: 'Upsample', from: 7, dims: imageSize, attributes: { scales: { floats: [1, 1, 2, 2.5] }, mode: 'nearest' } },
  { op: 'Upsample', from: 9, dims: imageSize, constants: [floats([4], [1, 1, 2, 3])], attributes: { mode: 'linear' } },
  // Other defaults and meanings.
  ...[
    [1, 1, 2, 1.5],
    [1, 1, 0.5, 0.3],
  ].flatMap((scales) =>
    ['nearest', 'linear'].map((mode) => ({
      op: 'Resize',
      from: 10,
      dims: imageSize,
      constants: [floats([4], scales)],
      attributes: { mode },
    })),
  ),
  {
    op: 'Resize',
    from: 10,
    dims: imageSize,
    constants: [floats([4], [1, 1, 0.5, 1.5])],
    attributes: { mode: 'linear' },
    targets: [11, 12, 21],
  },
  {
    op: 'Resize',
    from: 11,
    dims: imageSize,
    constants: [floats([0], []), floats([0], []), longs([1, 2, 9, 4])],
    attributes: { mode: 'nearest' },
    targets: [13, 18, 21],
  },
  ...['Softmax', 'LogSoftmax', 'Hardmax'].flatMap((op) => [
    { op, from: 8 },
    { op, from: 11, attributes: { axis: 0 } },
    { op, from: 11, attributes: { axis: -1 } },
    { op, from: 11, attributes: { axis: -2 }, shapeless: true },
    { op, from: 8, dims: [2, 3] },
    { op, from: 8, dims: [2, 3, 1, 1] },
    { op, from: 11, dims: [0, 3, 2], targets: [21] },
  ]),
  { op: 'BatchNormalization', from: 7, constants: perChannel, attributes: { spatial: 1, epsilon: 0.01 } },
  { op: 'BatchNormalization', from: 9, constants: perChannel },
  {
    op: 'GroupNormalization',
    from: 18,
    dims: [2, 6, 3],
    constants: [floats([3], [1, 2, -1]), floats([3], [0, 1, 0.5])],
    attributes: { num_groups: 3 },
  },
  {
    op: 'RoiAlign',
    from: 10,
    dims: imageSize,
    constants: [floats([1, 4], [0, 0, 3.3, 4.7]), longs([0])],
    attributes: { output_height: 2, output_width: 2, sampling_ratio: 2 },
    targets: [16, 21],
  },
  {
    op: 'GridSample',
    from: 16,
    dims: imageSize,
    constants: [{ ...randomTensor([1, 3, 3, 2], 5) }],
    attributes: { mode: 'bicubic' },
  },
  {
    op: 'GridSample',
    from: 16,
    dims: imageSize,
    constants: [{ ...randomTensor([1, 3, 3, 2], 5) }],
  },
  { op: 'DFT', from: 17, dims: [2, 4, 3, 1], targets: [20, 21] },
  { op: 'DFT', from: 17, dims: [2, 4, 3, 1], attributes: { axis: 2 }, constants: [long(3)], targets: [20] },
  { op: 'Scatter', from: 9, dims: [3], constants: [longs([2]), floats([1], [7])] },
  // Only attributes with the old meaning as default, or other words: proven, too.
  {
    op: 'AveragePool',
    from: 8,
    dims: imageSize,
    attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] },
    rounding: true,
  },
  {
    op: 'AveragePool',
    from: 10,
    dims: imageSize,
    attributes: { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1, count_include_pad: 1 },
    targets: [11, 19, 21, 22],
  },
  { op: 'MaxPool', from: 8, dims: imageSize, attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
  { op: 'OneHot', from: 9, x: longs([0, 2, 5, -1]), constants: [longs([3]), longs([0, 1])] },
  { op: 'PRelu', from: 8, constants: [floats([4], [0.1, 0.2, 0.3, 0.4])] },
  { op: 'Gemm', from: 8, dims: [2, 3], constants: [randomTensor([3, 4], 2), randomTensor([4], 3)] },
  { op: 'Concat', from: 8, constants: [randomTensor([2, 3, 1], 2)], attributes: { axis: 2 } },
  { op: 'Gather', from: 8, constants: [longs([1, 0])], attributes: { axis: 1 } },
  {
    op: 'ConvTranspose',
    from: 8,
    dims: imageSize,
    constants: [randomTensor([2, 3, 3, 3], 2)],
    attributes: { auto_pad: 'SAME_LOWER', strides: [2, 2] },
  },
];
