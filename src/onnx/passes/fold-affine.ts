import type { Node } from '../node.ts';
import type { Tensor } from '../tensor.ts';
import type { ChannelAffine } from './channel-affine.ts';
import { floatsOf, keepsPrecision, productsFor, roundedTensor } from './float-constant.ts';
import { redirect } from './redirect.ts';
import type { WeightedLayer } from './weighted-layer.ts';

/**
 * Folds what the node behind a layer does to each channel into the layer's weights and bias, and removes that node.
 * Arithmetic is in doubles, rounded once. Weights that others read too are copied. A MatMul that gets a bias becomes a
 * Gemm: the caller sees to it that its inputs are matrices. Tells whether it did; if not, nothing has changed.
 */
export function foldAffine(layer: WeightedLayer, tail: Node, { scale, shift }: ChannelAffine): boolean {
  const { node } = layer;
  const [made, wanted] = [node.output(0), tail.output(0)];
  const weight = scale === null ? layer.weight : scaledWeight(layer, scale);
  const terms = layer.bias === null && shift === null ? null : biasTerms(layer, { scale, shift });
  const bias = terms && roundedTensor(terms, { type: layer.weight.type, dims: [layer.channels] });
  if (made === null || wanted === null || weight === null || (terms !== null && bias === null)) return false;
  if (!redirect(wanted, made)) return false;
  tail.graph?.remove(tail);
  if (weight !== layer.weight) setConstant(node, 1, weight);
  if (bias !== null) {
    setConstant(node, 2, bias);
    node.removeAttribute('beta');
    if (node.is('MatMul')) node.setOp('Gemm');
  }
  return true;
}

/** Gives a node another constant; in its old one's place where nobody else reads that. */
export function setConstant(node: Node, index: number, tensor: Tensor): void {
  const old = node.input(index);
  if (old !== null && old.constant !== null && old.useCount === 1 && !old.isOutput) {
    old.setTensor(tensor);
    // What the file declares beside the data may be another shape.
    if (old.declaredType !== null) old.setType(null);
    return;
  }
  const name = old?.name ?? `${node.output(0)?.name ?? ''}_bias`;
  node.setInput(index, node.graph?.addInitializer(name, tensor) ?? old);
}

/**
 * Whether weights keep their bits in each channel, whose largest one is given. Other types than float16 reach so low
 * that a channel there is as good as zero: training with weight decay leaves many such channels.
 */
export function keepsChannels(weight: Tensor, largest: Float64Array): boolean {
  return weight.type !== 'float16' || largest.every((size) => keepsPrecision(weight.type, size));
}

function biasTerms({ bias, channels }: WeightedLayer, { scale, shift }: ChannelAffine): Float64Array {
  const terms = new Float64Array(channels);
  return terms.map((_, channel) => (bias?.[channel] ?? 0) * (scale?.[channel] ?? 1) + (shift?.[channel] ?? 0));
}

/** Null where a number grows too large for the type, or where a channel of float16 would lose bits. */
function scaledWeight(layer: WeightedLayer, scale: Float64Array): Tensor | null {
  const { weight, groups, channels, inner } = layer;
  const values = floatsOf(weight);
  const products = productsFor(weight);
  const groupSize = values.length / groups;
  const groupChannels = channels / groups;
  const largest = new Float64Array(channels);
  for (let index = 0; index < values.length; index++) {
    const group = Math.floor(index / groupSize);
    const channel = group * groupChannels + (Math.floor(index / inner) % groupChannels);
    const product = (values[index] ?? 0) * (scale[channel] ?? 1);
    products[index] = product;
    largest[channel] = Math.max(largest[channel] ?? 0, Math.abs(product));
  }
  return keepsChannels(weight, largest) ? roundedTensor(products, weight) : null;
}
