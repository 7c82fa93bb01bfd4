import { attributeOf } from '../attribute.ts';
import type { Graph } from '../graph.ts';
import { computedWidth, isMiscomputedOnWebGpu } from '../miscomputed-conv.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { Tensor } from '../tensor.ts';
import { floatConstantOf } from './float-constant.ts';
import { opsetOfPadsInput } from './merge-pads.ts';
import { rewriteNodes } from './rewrite-nodes.ts';

/**
 * Gives a convolution that onnxruntime's WebGPU computes wrong (`isMiscomputedOnWebGpu`) one to three more channels to
 * read, which are zero, and so are their weights: a Pad before it, and it is computed right, four channels at once.
 *
 * Left alone: weights that are no constants of float16, float32 or float64; operator sets before 7; function bodies.
 */
export const widenConvInputs: PurePass = {
  name: 'widen-conv-inputs',
  apply: (model) =>
    rewriteNodes(model, (node, graph) => isMiscomputedOnWebGpu(node) && widen(node, graph, model.opset)),
};

function widen(conv: Node, graph: Graph, opset: number): boolean {
  const [input, weight] = [conv.input(0), conv.input(1)];
  const constant = floatConstantOf(weight);
  if (input === null || weight === null || constant === null) return false;
  const [, channels = 0] = constant.dims;
  const added = computedWidth(channels) - channels;
  const rank = constant.dims.length;
  const amounts = Array.from({ length: 2 * rank }, (_, at) => (at === rank + 1 ? BigInt(added) : 0n));
  const name = `${input.name}_widened`;
  const isAttribute = opset < opsetOfPadsInput;
  const listed = { type: 'int64', dims: [amounts.length], data: BigInt64Array.from(amounts) } as const;
  const pad = graph.insertBefore(conv, {
    op: 'Pad',
    inputs: [input, ...(isAttribute ? [] : [graph.addInitializer(`${name}_pads`, Tensor.fromDense(listed))])],
    attributes: isAttribute ? [attributeOf.ints('pads', amounts)] : [],
    outputs: [name],
  });
  conv.setInput(0, pad.output(0));
  conv.setInput(1, graph.addInitializer(`${weight.name}_widened`, withZeros(constant, added)));
  return true;
}

/** Weights `[outer, channels, ...]` with zeros for more channels: all bits of a float's zero are 0. */
function withZeros(weight: Tensor, added: number): Tensor {
  const [outer = 0, channels = 0, ...kernel] = weight.dims;
  const [from, bytes] = [weight.byteLength / outer, weight.bytes()];
  const to = (from / channels) * (channels + added);
  const wide = new Uint8Array(outer * to);
  for (let at = 0; at < outer; at++) wide.set(bytes.subarray(at * from, (at + 1) * from), at * to);
  return new Tensor({
    type: weight.type,
    dims: [outer, channels + added, ...kernel],
    storage: { kind: 'inline', bytes: wide },
  });
}
