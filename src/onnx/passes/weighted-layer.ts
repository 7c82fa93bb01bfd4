import type { Node } from '../node.ts';
import type { Tensor } from '../tensor.ts';
import type { ChannelAxis } from './channel-affine.ts';
import { alongChannels } from './channel-affine.ts';
import { floatConstantOf } from './float-constant.ts';

/**
 * A node whose output is a product with constant weights at input 1, and perhaps a bias at input 2. Its weights are
 * read as `[groups, outer, channels / groups, inner]`, which all of these operators allow.
 */
export interface WeightedLayer extends ChannelAxis {
  readonly node: Node;
  readonly weight: Tensor;
  readonly groups: number;
  /** Weights that belong to one channel and lie behind each other. */
  readonly inner: number;
  /** The bias as one number for each channel, or null where there is none. */
  readonly bias: Float64Array | null;
}

/**
 * Conv (weights `[C, inputs / groups, ...]`) and ConvTranspose (`[inputs, C / groups, ...]`). Null for others, for
 * weights or a bias that are not constant floats, and for shapes that do not fit together.
 */
export function convolutionOf(node: Node): WeightedLayer | null {
  const weight = node.is('Conv', 'ConvTranspose') ? floatConstantOf(node.input(1)) : null;
  if (weight === null || weight.dims.length < 3 || weight.elementCount === 0) return null;
  const isTransposed = node.op === 'ConvTranspose';
  const [first = 0, second = 0] = weight.dims;
  const groups = isTransposed ? node.int('group', 1) : 1;
  const channels = isTransposed ? second * groups : first;
  const inner = weight.elementCount / (isTransposed ? first * second : first);
  if (groups < 1 || first % groups !== 0) return null;
  const axis = { channels, behind: weight.dims.length - 2, leastRank: weight.dims.length };
  return withBias({ node, weight, groups, inner, ...axis }, 1);
}

/** Gemm with constant B `[K, N]`, or `[N, K]` where transposed, and C missing or constant along N. Null for others. */
export function gemmOf(node: Node): WeightedLayer | null {
  const weight = node.is('Gemm') ? matrixOf(node) : null;
  if (weight === null) return null;
  const [rows = 0, columns = 0] = weight.dims;
  const isTransposed = node.int('transB', 0) !== 0;
  const shape = isTransposed ? { channels: rows, inner: columns } : { channels: columns, inner: 1 };
  return withBias({ node, weight, groups: 1, behind: 0, leastRank: 2, ...shape }, node.float('beta', 1));
}

/** MatMul with constant B `[K, N]`; its output has one axis at least. Null for others. */
export function matMulOf(node: Node): WeightedLayer | null {
  const weight = node.is('MatMul') ? matrixOf(node) : null;
  if (weight === null) return null;
  const channels = weight.dims[1] ?? 0;
  return { node, weight, groups: 1, channels, inner: 1, behind: 0, leastRank: 1, bias: null };
}

function matrixOf(node: Node): Tensor | null {
  const weight = floatConstantOf(node.input(1));
  return weight !== null && weight.dims.length === 2 && weight.elementCount > 0 ? weight : null;
}

/** The layer with its bias, `factor` times as large as the constant says. */
function withBias(layer: Omit<WeightedLayer, 'bias'>, factor: number): WeightedLayer | null {
  const value = layer.node.input(2);
  if (value === null) return { ...layer, bias: null };
  const constant = floatConstantOf(value);
  const values = constant && alongChannels(constant, layer.node.is('Gemm') ? layer : { ...layer, behind: 0 });
  return values && { ...layer, bias: values.map((term) => factor * term) };
}
