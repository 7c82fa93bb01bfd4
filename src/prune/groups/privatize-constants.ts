import type { Graph } from '../../onnx/graph.ts';
import type { Model } from '../../onnx/model.ts';
import type { Tensor } from '../../onnx/tensor.ts';
import type { Value } from '../../onnx/value.ts';

/** Larger constants are shared because somebody meant it: tied weights. */
const mostPrivateBytes = 64 * 2 ** 10;

/**
 * Gives every reader of a small shared constant one of its own, so that equal biases or shapes tie nothing together. For
 * the main graph; what a subgraph reads stays shared. Returns how many constants were added.
 */
export function privatizeConstants(model: Model): number {
  let added = 0;
  // Those that are added while this runs have one reader each.
  for (const value of model.graph.initializers) {
    const tensor = value.constant;
    if (tensor !== null && !value.isOutput && ties(tensor)) added += giveToEach(value, tensor, model.graph);
  }
  return added;
}

/** One number ties nothing, unless it may be a length. */
function ties({ type, elementCount, byteLength }: Tensor): boolean {
  return byteLength < mostPrivateBytes && (elementCount > 1 || type === 'int64' || type === 'int32');
}

function giveToEach(value: Value, tensor: Tensor, graph: Graph): number {
  const own = value.uses.filter(({ node }) => node.graph === graph);
  // The first keeps it, unless a subgraph does.
  const others = own.slice(own.length === value.useCount ? 1 : 0);
  for (const { node, index } of others) node.setInput(index, graph.addInitializer(value.name, tensor));
  return others.length;
}
