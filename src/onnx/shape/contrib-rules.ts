import {
  embedLayerNormalization,
  groupQueryAttention,
  multiHeadAttention,
  packedAttention,
} from './attention-rules.ts';
import { conv } from './convolution-rules.ts';
import { likeFirst } from './elementwise-rules.ts';
import { gatherBlockQuantized } from './gather-rules.ts';
import { dynamicQuantizeMatMul, fusedMatMul, gemm, matMulIntegerToFloat, matMulNBits, qGemm } from './matmul-rules.ts';
import type { Rule } from './node-view.ts';
import { skipLayerNormalization } from './normalization-rules.ts';
import { dequantizeLinear, qLinearBinary, qLinearConcat, quantizeLinear } from './quantization-rules.ts';

/** Operators whose output is like their first input, with other values. */
const sameAsFirst = [
  'Gelu FastGelu QuickGelu BiasGelu BiasSoftmax BiasDropout GroupNorm RotaryEmbedding QLinearSigmoid',
  'QLinearLeakyRelu QLinearSoftmax',
].flatMap((names) => names.split(' '));

/** Rules of onnxruntime's own operators, domain `com.microsoft`. What is not here is unknown. */
export const contribRules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...sameAsFirst.map((op) => [op, likeFirst] as const),
  ...['SkipLayerNormalization', 'SkipSimplifiedLayerNormalization'].map((op) => [op, skipLayerNormalization] as const),
  ...Object.entries({
    MatMulNBits: matMulNBits,
    FusedMatMul: fusedMatMul,
    FusedGemm: gemm,
    FusedConv: conv,
    MatMulIntegerToFloat: matMulIntegerToFloat,
    DynamicQuantizeMatMul: dynamicQuantizeMatMul,
    QGemm: qGemm,
    QLinearAdd: qLinearBinary,
    QLinearMul: qLinearBinary,
    QLinearConcat: qLinearConcat,
    QuantizeLinear: quantizeLinear,
    DequantizeLinear: dequantizeLinear,
    Attention: packedAttention,
    MultiHeadAttention: multiHeadAttention,
    GroupQueryAttention: groupQueryAttention,
    EmbedLayerNormalization: embedLayerNormalization,
    GatherBlockQuantized: gatherBlockQuantized,
  } satisfies Readonly<Record<string, Rule>>),
]);
