import {
  castLike,
  cast,
  broadcastAll,
  broadcastToBool,
  dropout,
  firstItself,
  likeFirst,
  likeFirstOfType,
  not,
  toBool,
  unaryNumber,
  where,
} from './elementwise-rules.ts';
import { concat, expand, split, tile, transpose } from './arrangement-rules.ts';
import { attention } from './attention-rules.ts';
import { constant, constantOfShape, oneHot, random, range, shapeOf, sizeOf, windowFunction } from './constant-rules.ts';
import { col2Im, conv, convInteger, convTranspose, deformConv, qLinearConv } from './convolution-rules.ts';
import { einsum } from './einsum.ts';
import { compress, gather, gatherElements, gatherND, nonZero } from './gather-rules.ts';
import { gemm, matMul, matMulInteger, qLinearMatMul } from './matmul-rules.ts';
import type { Rule } from './node-view.ts';
import { batchNormalization, layerNormalization } from './normalization-rules.ts';
import { globalPool, maxRoiPool, maxUnpool, pool, roiAlign } from './pooling-rules.ts';
import { dequantizeLinear, dynamicQuantizeLinear, quantizeLinear } from './quantization-rules.ts';
import { recurrent } from './recurrent-rules.ts';
import { argument, determinant, loss, multinomial, nonMaxSuppression, reduce, topK, unique } from './reduce-rules.ts';
import { depthToSpace, flatten, reshape, spaceToDepth, squeeze, unsqueeze } from './reshape-rules.ts';
import { affineGrid, gridSample, resize, upsample } from './resize-rules.ts';
import { pad, slice } from './slice-rules.ts';

/** Operators whose output is like their first input, with other values. */
const sameAsFirst = [
  'Acos Acosh Asin Asinh Atan Atanh Cos Cosh Sin Sinh Tan Tanh Erf Exp Log Sqrt Reciprocal Sign Round',
  'BitwiseNot Clip Shrink CumSum CumProd Relu LeakyRelu PRelu Elu Selu Celu ThresholdedRelu Sigmoid HardSigmoid',
  'HardSwish Softplus Softsign Mish Gelu Swish Softmax LogSoftmax Hardmax Trilu ReverseSequence LRN',
  'LpNormalization MeanVarianceNormalization InstanceNormalization GroupNormalization Scatter ScatterElements',
  'ScatterND TensorScatter RotaryEmbedding SimplifiedLayerNormalization',
].flatMap((names) => names.split(' '));
const broadcasts = ['Add', 'Sub', 'Mul', 'Div', 'Mod', 'Pow', 'Min', 'Max', 'Sum', 'Mean', 'BitShift', 'StringConcat'];
const bitwise = ['BitwiseAnd', 'BitwiseOr', 'BitwiseXor'];
const decisions = ['Equal', 'Less', 'LessOrEqual', 'Greater', 'GreaterOrEqual', 'And', 'Or', 'Xor'];
const reductions = ['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare'];

/** Rules of the standard operator set. What is not here is unknown. */
export const standardRules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...each(sameAsFirst, likeFirst),
  ...each([...broadcasts, ...bitwise], broadcastAll),
  ...each(decisions, broadcastToBool),
  ...each(['IsNaN', 'IsInf'], toBool),
  ...each(['Neg', 'Abs', 'Floor', 'Ceil'], unaryNumber),
  ...each(['Bernoulli', 'EyeLike', 'RandomNormalLike', 'RandomUniformLike'], likeFirstOfType),
  ...each(
    reductions.map((name) => `Reduce${name}`),
    reduce,
  ),
  ...each(['MaxPool', 'AveragePool', 'LpPool'], pool),
  ...each(['GlobalMaxPool', 'GlobalAveragePool', 'GlobalLpPool'], globalPool),
  ...each(['LSTM', 'GRU', 'RNN'], recurrent),
  ...each(['LayerNormalization', 'RMSNormalization'], layerNormalization),
  ...each(['ArgMax', 'ArgMin'], argument),
  ...each(['RandomNormal', 'RandomUniform'], random),
  ...each(['HannWindow', 'HammingWindow', 'BlackmanWindow'], windowFunction),
  ...each(['NegativeLogLikelihoodLoss', 'SoftmaxCrossEntropyLoss'], loss),
  ...Object.entries({
    Identity: firstItself,
    Dropout: dropout,
    Not: not,
    Cast: cast,
    CastLike: castLike,
    Where: where,
    MatMul: matMul,
    Gemm: gemm,
    MatMulInteger: matMulInteger,
    QLinearMatMul: qLinearMatMul,
    Einsum: einsum,
    Conv: conv,
    ConvInteger: convInteger,
    QLinearConv: qLinearConv,
    ConvTranspose: convTranspose,
    DeformConv: deformConv,
    Col2Im: col2Im,
    RoiAlign: roiAlign,
    MaxRoiPool: maxRoiPool,
    MaxUnpool: maxUnpool,
    BatchNormalization: batchNormalization,
    Reshape: reshape,
    Flatten: flatten,
    Squeeze: squeeze,
    Unsqueeze: unsqueeze,
    DepthToSpace: depthToSpace,
    SpaceToDepth: spaceToDepth,
    Transpose: transpose,
    Concat: concat,
    Split: split,
    Expand: expand,
    Tile: tile,
    Slice: slice,
    Pad: pad,
    Gather: gather,
    GatherElements: gatherElements,
    GatherND: gatherND,
    Compress: compress,
    NonZero: nonZero,
    TopK: topK,
    Unique: unique,
    Det: determinant,
    NonMaxSuppression: nonMaxSuppression,
    Multinomial: multinomial,
    Constant: constant,
    ConstantOfShape: constantOfShape,
    Shape: shapeOf,
    Size: sizeOf,
    Range: range,
    OneHot: oneHot,
    Resize: resize,
    Upsample: upsample,
    GridSample: gridSample,
    AffineGrid: affineGrid,
    QuantizeLinear: quantizeLinear,
    DequantizeLinear: dequantizeLinear,
    DynamicQuantizeLinear: dynamicQuantizeLinear,
    Attention: attention,
  } satisfies Readonly<Record<string, Rule>>),
]);

function each(ops: readonly string[], rule: Rule): readonly (readonly [string, Rule])[] {
  return ops.map((op) => [op, rule] as const);
}
