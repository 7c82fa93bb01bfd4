import { attentionAxes, groupQueryAxes, multiHeadAxes, packedAttentionAxes } from '../onnx/shape/attention-rules.ts';
import type { AttentionAxes } from '../onnx/shape/attention-rules.ts';
import { parseEinsum } from '../onnx/shape/einsum.ts';
import type { NodeView } from '../onnx/shape/node-view.ts';
import { recurrentAxes } from '../onnx/shape/recurrent-rules.ts';
import type { Dimension, Shape } from '../onnx/value-type.ts';
import { einsumMacs } from './einsum-macs.ts';

/** Multiply-adds of a node; null when a length it needs is not known. `output` is the shape of its first output. */
export type MacRule = (node: NodeView, output: Shape) => number | null;

/** Product of lengths; null when one is unknown or the product is beyond 2^53. */
export function product(lengths: readonly Dimension[] | null): number | null {
  if (lengths === null) return null;
  let result = 1;
  for (const length of lengths) {
    if (typeof length !== 'number') return null;
    result *= length;
  }
  return Number.isSafeInteger(result) ? result : null;
}

function times(...factors: readonly (number | null)[]): number | null {
  return product(factors);
}

/** Each output element is a sum over the kernel and the input channels of its group. */
function convolution(weight: number): MacRule {
  return (node, output) => times(product(output), product(node.shape(weight)?.slice(1) ?? null));
}

/** Each input element is spread over the kernel and the output channels of its group. */
const convTranspose: MacRule = (node) => times(product(node.shape(0)), product(node.shape(1)?.slice(1) ?? null));

/** Each output element is a sum over the last axis of the left operand, the first one of a matrix read transposed. */
const matrixProduct: MacRule = (node, output) => {
  const left = node.shape(0);
  const isTransposed = node.int('transA', 0) !== 0 && left !== null && left.length > 1;
  return times(product(output), lengthOf(left?.at(isTransposed ? -2 : -1)));
};

function lengthOf(dim: Dimension | undefined): number | null {
  return typeof dim === 'number' ? dim : null;
}

/** Queries by keys, then weights by values: `batch x heads x sequence x total x (headSize + valueSize)`. */
function attentionProducts(axes: AttentionAxes): number | null {
  const { batch, heads, sequence, total, headSize, valueSize } = axes;
  const sizes = typeof headSize === 'number' && typeof valueSize === 'number' ? headSize + valueSize : null;
  return product([batch, heads, sequence, total, sizes]);
}

/** With the projection of the input to queries, keys and values. */
const packedAttention: MacRule = (node) => {
  const projection = times(product(node.shape(0)), lengthOf(node.shape(1)?.[1]));
  const products = attentionProducts(packedAttentionAxes(node));
  return projection === null || products === null ? null : projection + products;
};

/** `gates` products with the input and with the state before, for each step, direction and sample. */
function recurrent(gates: number): MacRule {
  return (node) => {
    const { sequence, batch, input, hidden, directions } = recurrentAxes(node);
    const width = typeof input === 'number' && typeof hidden === 'number' ? input + hidden : null;
    return product([sequence, batch, directions, gates, hidden, width]);
  };
}

const einsum: MacRule = (node) => {
  const parsed = parseEinsum(
    node.string('equation', ''),
    node.inputs().map(({ shape }) => shape),
  );
  return parsed && einsumMacs(parsed);
};

const standard: ReadonlyMap<string, MacRule> = new Map<string, MacRule>([
  ['Conv', convolution(1)],
  ['ConvInteger', convolution(1)],
  ['DeformConv', convolution(1)],
  ['QLinearConv', convolution(3)],
  ['ConvTranspose', convTranspose],
  ['MatMul', matrixProduct],
  ['MatMulInteger', matrixProduct],
  ['QLinearMatMul', matrixProduct],
  ['Gemm', matrixProduct],
  ['Einsum', einsum],
  ['Attention', (node) => attentionProducts(attentionAxes(node))],
  ['LSTM', recurrent(4)],
  ['GRU', recurrent(3)],
  ['RNN', recurrent(1)],
]);

const contrib: ReadonlyMap<string, MacRule> = new Map<string, MacRule>([
  ['FusedConv', convolution(1)],
  ['FusedMatMul', matrixProduct],
  ['FusedGemm', matrixProduct],
  ['QGemm', matrixProduct],
  ['MatMulNBits', matrixProduct],
  ['MatMulIntegerToFloat', matrixProduct],
  ['DynamicQuantizeMatMul', matrixProduct],
  ['Attention', packedAttention],
  ['MultiHeadAttention', (node) => attentionProducts(multiHeadAxes(node))],
  ['GroupQueryAttention', (node) => attentionProducts(groupQueryAxes(node))],
]);

/** The rule of an operator that multiplies and adds; null for others. */
export function macRuleOf(view: NodeView): MacRule | null {
  const { node } = view;
  const rules = node.domain === 'com.microsoft' ? contrib : node.is(node.op) ? standard : null;
  return rules?.get(node.op) ?? null;
}
