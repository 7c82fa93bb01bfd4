import type { Node } from '../../onnx/node.ts';
import type { GroupRule } from './group-rule.ts';
import { attention, groupQuery, multiHead, packedAttention, rotary } from './rules/attention.ts';
import { convolution, transposedConvolution } from './rules/convolution.ts';
import { elementwise, ofFirstInput } from './rules/elementwise.ts';
import { recurrent, unknown } from './rules/locking.ts';
import { flatten, squeeze, transpose, unsqueeze } from './rules/movement.ts';
import * as norm from './rules/normalization.ts';
import { concat, gather, pad, slice, split } from './rules/pieces.ts';
import { generalProduct, matrixProduct } from './rules/product.ts';
import { cumulative, largest, placeOf, reduce, softmax, triangle } from './rules/reduction.ts';
import { expand, filled, reshape, tile, told } from './rules/shaping.ts';
import { depthToSpace, pooling, regions, resize, spaceToDepth } from './rules/spatial.ts';

function all(rule: GroupRule, names: string): readonly (readonly [string, GroupRule])[] {
  return names.split(' ').map((name) => [name, rule]);
}

const standard: ReadonlyMap<string, GroupRule> = new Map([
  ...all(convolution, 'Conv'),
  ...all(transposedConvolution, 'ConvTranspose'),
  ...all(matrixProduct, 'MatMul'),
  ...all(generalProduct, 'Gemm'),
  ...all(elementwise, 'Abs Acos Acosh Asin Asinh Atan Atanh Cast Ceil Celu Clip Cos Cosh Dropout Elu Erf Exp Floor'),
  ...all(elementwise, 'Gelu HardSigmoid HardSwish Identity IsInf IsNaN LeakyRelu Log Mish Neg Not PRelu Reciprocal'),
  ...all(elementwise, 'Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Swish Tan Tanh'),
  ...all(elementwise, 'ThresholdedRelu Add Sub Mul Div Pow Mod Min Max Mean Sum And Or Xor Equal Greater'),
  ...all(elementwise, 'GreaterOrEqual Less LessOrEqual BitwiseAnd BitwiseOr BitwiseXor BitwiseNot BitShift Where'),
  ...all(ofFirstInput, 'CastLike'),
  ...all(pooling, 'MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool GlobalLpPool'),
  ...all(regions, 'RoiAlign MaxRoiPool GridSample'),
  ...all(resize, 'Resize Upsample'),
  ...all(depthToSpace, 'DepthToSpace'),
  ...all(spaceToDepth, 'SpaceToDepth'),
  ...all(norm.perChannel, 'BatchNormalization'),
  ...all(norm.perInstance, 'InstanceNormalization'),
  ...all(norm.perGroup, 'GroupNormalization'),
  ...all(norm.overLast, 'LayerNormalization RMSNormalization SimplifiedLayerNormalization'),
  ...all(norm.overAxis, 'LpNormalization'),
  ...all(norm.overNeighbors, 'LRN'),
  ...all(norm.meanAndVariance, 'MeanVarianceNormalization'),
  ...all(softmax, 'Softmax LogSoftmax Hardmax'),
  ...all(reduce, 'ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum'),
  ...all(reduce, 'ReduceLogSumExp ReduceSumSquare'),
  ...all(placeOf, 'ArgMax ArgMin'),
  ...all(largest, 'TopK'),
  ...all(cumulative, 'CumSum'),
  ...all(triangle, 'Trilu'),
  ...all(concat, 'Concat'),
  ...all(split, 'Split'),
  ...all(slice, 'Slice'),
  ...all(gather, 'Gather'),
  ...all(pad, 'Pad'),
  ...all(transpose, 'Transpose'),
  ...all(squeeze, 'Squeeze'),
  ...all(unsqueeze, 'Unsqueeze'),
  ...all(flatten, 'Flatten'),
  ...all(reshape, 'Reshape'),
  ...all(expand, 'Expand'),
  ...all(tile, 'Tile'),
  ...all(filled, 'ConstantOfShape'),
  ...all(told, 'Shape'),
  ...all(attention, 'Attention'),
  ...all(rotary, 'RotaryEmbedding'),
  ...all(recurrent, 'LSTM GRU RNN'),
]);

const contrib: ReadonlyMap<string, GroupRule> = new Map([
  ...all(elementwise, 'Gelu FastGelu QuickGelu BiasGelu'),
  ...all(matrixProduct, 'FusedMatMul'),
  ...all(generalProduct, 'FusedGemm'),
  ...all(norm.overLast, 'SimplifiedLayerNormalization'),
  ...all(norm.overLastWithSkip, 'SkipLayerNormalization SkipSimplifiedLayerNormalization'),
  ...all(multiHead, 'MultiHeadAttention'),
  ...all(packedAttention, 'Attention'),
  ...all(groupQuery, 'GroupQueryAttention'),
  ...all(rotary, 'RotaryEmbedding'),
]);

/** What an operator ties and locks: of the standard set and of onnxruntime's own. Others lock all that they touch. */
export function groupRuleOf(node: Node): GroupRule {
  const rules = node.domain === 'com.microsoft' ? contrib : node.is(node.op) ? standard : null;
  return rules?.get(node.op) ?? unknown;
}
