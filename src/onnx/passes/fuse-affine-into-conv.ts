import type { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import type { Shape } from '../value-type.ts';
import type { ChannelAffine, ChannelAxis } from './channel-affine.ts';
import { batchNormalizationOf, channelScaleOf, channelShiftOf } from './channel-affine.ts';
import { constantOperationOf } from './constant-operation.ts';
import { floatsOf, productsFor, roundedTensor } from './float-constant.ts';
import { keepsChannels, setConstant } from './fold-affine.ts';
import type { ShapeOf } from './inferred-shapes.ts';
import { inferredShapes } from './inferred-shapes.ts';
import type { WeightedLayer } from './weighted-layer.ts';
import { convolutionOf } from './weighted-layer.ts';
import { rewriteNodes } from './rewrite-nodes.ts';

/**
 * What is done to each channel before a Conv goes into its weights and bias, groups included:
 * - `Conv(x * c, W, b)` becomes `Conv(x, W * c, b)`, with `c` a scalar or one number for each input channel, Div alike;
 * - `Conv(x + c, W, b)` becomes `Conv(x, W, b + sum(W * c))`, Sub and BatchNormalization alike, where the Conv pads
 *   nothing: padding is zero, not c.
 *
 * Left alone: ConvTranspose, whose border sums fewer weights; a shift before a Conv that pads or has `auto_pad`; a
 * constant that may be what gives x its channels or an axis; constants that vary along other axes or are not float16,
 * float32 or float64; weights that others read too, of which another copy would make the file larger; a step that
 * somebody else reads or the graph returns; operator sets before 7; function bodies.
 */
export const fuseAffineIntoConv: PurePass = {
  name: 'fuse-affine-into-conv',
  apply(model) {
    const shapeOf = inferredShapes(model);
    return rewriteNodes(model, (node, graph) => node.is('Conv') && fuse(graph, node, shapeOf));
  },
};

function fuse(graph: Graph, conv: Node, shapeOf: ShapeOf): boolean {
  const value = conv.input(0);
  const before = value?.producer;
  if (!value || !before || before.graph !== graph || value.useCount !== 1) return false;
  if (value.onlyUser !== conv) return false;
  const layer = conv.input(1)?.useCount === 1 ? convolutionOf(conv) : null;
  const step = layer && stepOf(before, layer, shapeOf);
  if (layer === null || step === null || (step.affine.shift !== null && !padsNothing(conv))) return false;
  const folded = foldBefore(layer, step.affine);
  if (folded === null) return false;
  conv.setInput(0, step.input);
  graph.remove(before);
  if (folded.weight !== layer.weight) setConstant(conv, 1, folded.weight);
  if (folded.bias !== null) setConstant(conv, 2, folded.bias);
  return true;
}

/** What a node does to each input channel of a Conv. */
function stepOf(node: Node, { node: conv, weight, behind }: WeightedLayer, shapeOf: ShapeOf) {
  const channels = (weight.dims[1] ?? 0) * conv.int('group', 1);
  const axis = { channels, behind, leastRank: weight.dims.length };
  for (const input of node.inputs) {
    if (input === null) continue;
    const affine =
      channelScaleOf(node, input, axis) ?? channelShiftOf(node, input, axis) ?? batchNormalizationOf(node, input, axis);
    if (affine !== null) return keepsShape(node, axis, shapeOf(input)) ? { input, affine } : null;
  }
  return null;
}

/** Whether a step's constant cannot have given its output an axis, or channels, that its input lacks. */
function keepsShape(node: Node, { channels, leastRank }: ChannelAxis, shape: Shape): boolean {
  const constant = constantOperationOf(node)?.constant;
  if (constant === undefined || (constant.elementCount === 1 && constant.dims.length < leastRank)) return true;
  return shape?.length === leastRank && shape[1] === channels;
}

function padsNothing(conv: Node): boolean {
  const padding = conv.string('auto_pad', 'NOTSET');
  return padding === 'VALID' || (padding === 'NOTSET' && (conv.ints('pads') ?? []).every((amount) => amount === 0));
}

/** Null where a number grows too large for the type, or where a channel of float16 would lose bits. */
function foldBefore(layer: WeightedLayer, { scale, shift }: ChannelAffine) {
  const { weight, channels } = layer;
  const groupChannels = channels / layer.node.int('group', 1);
  const values = floatsOf(weight);
  const products = productsFor(weight);
  const [channelSize, inputs] = [values.length / channels, weight.dims[1] ?? 1];
  const kernel = channelSize / inputs;
  const largest = new Float64Array(channels);
  const sums = Float64Array.from(layer.bias ?? new Float64Array(channels));
  for (let index = 0; index < values.length; index++) {
    const channel = Math.floor(index / channelSize);
    const input = Math.floor(channel / groupChannels) * inputs + Math.floor((index % channelSize) / kernel);
    const product = (values[index] ?? 0) * (scale?.[input] ?? 1);
    products[index] = product;
    sums[channel] = (sums[channel] ?? 0) + (values[index] ?? 0) * (shift?.[input] ?? 0);
    largest[channel] = Math.max(largest[channel] ?? 0, Math.abs(product));
  }
  if (!keepsChannels(weight, largest)) return null;
  const scaled = scale === null ? weight : roundedTensor(products, weight);
  const bias = shift === null ? null : roundedTensor(sums, { type: weight.type, dims: [channels] });
  return scaled === null || (shift !== null && bias === null) ? null : { weight: scaled, bias };
}
