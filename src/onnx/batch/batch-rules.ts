import type { BatchRule } from './batch-view.ts';
import {
  argument,
  concat,
  flatten,
  gather,
  gatherElements,
  pad,
  reduce,
  resize,
  slice,
  split,
  squeeze,
  tile,
  transpose,
  unsqueeze,
} from './movement-rules.ts';
import { gemm, matMul, matMulInteger, recurrent } from './product-rules.ts';
import {
  along,
  batchNormalization,
  broadcast,
  cumulative,
  elements,
  from,
  layer,
  matrices,
  oneHot,
  paired,
  quantize,
  singleOutputLayer,
  softmax,
} from './sample-rules.ts';
import { constantOfShape, expand, reshape } from './shape-rules.ts';

const each = (names: string, rule: BatchRule) => names.split(/\s+/).map((name) => [name, rule] as const);

/** Operators of the standard set that are known to treat each sample by itself, where their rule says so. */
export const batchRules: ReadonlyMap<string, BatchRule> = new Map([
  ...each(
    `Abs Acos Acosh Asin Asinh Atan Atanh BitwiseNot Cast Ceil Celu Clip Cos Cosh Dropout Elu Erf Exp Floor Gelu
    HardSigmoid HardSwish Identity IsInf IsNaN LeakyRelu Log Mish Neg Not Reciprocal Relu Round Selu Shrink Sigmoid
    Sign Sin Sinh Softplus Softsign Sqrt Swish Tan Tanh ThresholdedRelu`,
    elements,
  ),
  ...each(
    `Add And BitShift BitwiseAnd BitwiseOr BitwiseXor Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min
    Mod Mul Or PRelu Pow Sub Sum Where Xor`,
    broadcast,
  ),
  ...each(
    `AveragePool Conv ConvInteger ConvTranspose DepthToSpace GlobalAveragePool GlobalLpPool GlobalMaxPool
    GroupNormalization InstanceNormalization LRN LpPool QLinearConv SpaceToDepth`,
    layer,
  ),
  ...each('ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd', reduce),
  ...each('ReduceSum ReduceSumSquare', reduce),
  ...each('ArgMax ArgMin', argument),
  ...each('Softmax LogSoftmax Hardmax', softmax),
  ...each('LayerNormalization RMSNormalization', from(-1)),
  ...each('LpNormalization TopK', along('axis', -1)),
  ...each('LSTM GRU RNN', recurrent),
  ...each('QuantizeLinear DequantizeLinear', quantize),
  ...each('Resize Upsample', resize),
  ['BatchNormalization', batchNormalization],
  ['Concat', concat],
  ['ConstantOfShape', constantOfShape],
  ['CumSum', cumulative],
  ['Expand', expand],
  ['Flatten', flatten],
  ['Gather', gather],
  ['GatherElements', gatherElements],
  ['Gemm', gemm],
  ['GridSample', paired],
  ['MatMul', matMul],
  ['MatMulInteger', matMulInteger],
  ['MaxPool', singleOutputLayer],
  ['OneHot', oneHot],
  ['Pad', pad],
  ['Reshape', reshape],
  ['Slice', slice],
  ['Split', split],
  ['Squeeze', squeeze],
  ['Tile', tile],
  ['Transpose', transpose],
  ['Trilu', matrices],
  ['Unsqueeze', unsqueeze],
]);
