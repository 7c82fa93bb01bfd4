import type { Node } from '../../onnx/node.ts';

/**
 * Version of the standard operator set in which an operator began to take float16, of those that did not from the
 * start (ONNX's Changelog.md, type constraints).
 */
const float16Since: ReadonlyMap<string, number> = new Map([
  ...[
    'Range Celu NonMaxSuppression DynamicQuantizeLinear QLinearConv TfIdfVectorizer ImageDecoder',
    'StringNormalizer StringConcat StringSplit RegexFullMatch',
  ].flatMap((names) => names.split(' ').map((name) => [name, Infinity] as const)),
  ['CumSum', 14],
  ['Equal', 11],
  ['IsInf', 20],
  ['QuantizeLinear', 19],
  ['DequantizeLinear', 19],
  ['QLinearMatMul', 21],
]);

/** Operators of onnxruntime's own that it has float16 kernels for, or runs between Casts. */
const contribOperators: ReadonlySet<string> = new Set(
  [
    'Gelu FastGelu QuickGelu BiasGelu BiasSoftmax GroupNorm RotaryEmbedding SkipLayerNormalization',
    'SkipSimplifiedLayerNormalization MatMulNBits FusedMatMul FusedGemm FusedConv Attention MultiHeadAttention',
    'GroupQueryAttention EmbedLayerNormalization GatherBlockQuantized SimplifiedLayerNormalization',
  ].flatMap((names) => names.split(' ')),
);

const contribDomain = 'com.microsoft';

/** Whether an operator may work in float16, by its schema. Those of other domains are taken not to. */
export function supportsFloat16(node: Node, opset: number): boolean {
  if (node.domain === contribDomain) return contribOperators.has(node.op);
  if (!node.is(node.op)) return false;
  return opset >= (float16Since.get(node.op) ?? 1) && (node.subgraphs.length === 0 || isControlFlow(node));
}

/** Whether what its subgraphs take and return is what the node itself does. */
function isControlFlow(node: Node): boolean {
  return node.is('If', 'Loop', 'Scan');
}

/** Whether an input stays float32 while the operator works in float16. */
export function isFloat32Input(node: Node, index: number, opset: number): boolean {
  // Sizes follow from the scales: in float16, 3.0047 would be another image.
  if (node.is('Resize')) return opset <= 10 ? index === 1 : index === 1 || index === 2;
  if (node.is('Upsample')) return index === 1;
  return node.domain === contribDomain && node.op === 'GroupNorm' && (index === 1 || index === 2);
}

/** Whether an output stays float32 while the operator works in float16: statistics of a normalization. */
export function isFloat32Output(node: Node, index: number): boolean {
  if (node.is('LayerNormalization')) return index > 0;
  const isSkip = node.op === 'SkipLayerNormalization' || node.op === 'SkipSimplifiedLayerNormalization';
  return node.domain === contribDomain && isSkip && (index === 1 || index === 2);
}

/** Whether an input may be float32 or float16 whatever the rest of the node is. */
export function takesAnyFloat(node: Node, index: number): boolean {
  return node.is('Cast', 'Shape', 'Size') || (node.is('CastLike') && index === 0);
}
