import type { Graph } from '../graph.ts';
import type { Model } from '../model.ts';
import type { Node } from '../node.ts';
import type { Value } from '../value.ts';
import type { ChannelAffine, ChannelAxis } from './channel-affine.ts';
import { foldAffine } from './fold-affine.ts';
import { rewriteNodes } from './rewrite-nodes.ts';
import type { WeightedLayer } from './weighted-layer.ts';

/** What is folded into what. */
export interface TailRule {
  /** The node as a layer that can take something in; else null. */
  readonly layerOf: (node: Node) => WeightedLayer | null;
  /** What a node does to each channel of the layer's output; null where it does something else. */
  readonly affineOf: (tail: Node, output: Value, axis: ChannelAxis) => ChannelAffine | null;
}

/**
 * Folds nodes into the layers right before them, in the main graph and in subgraphs. Left alone: layers whose output is
 * read by others too or is returned, and nodes of another graph than the layer's.
 */
export function foldTails(model: Model, rule: TailRule): boolean {
  return rewriteNodes(model, (node, graph) => foldTail(graph, node, rule));
}

function foldTail(graph: Graph, node: Node, { layerOf, affineOf }: TailRule): boolean {
  const output = node.output(0);
  const tail = output?.onlyUser ?? null;
  if (output === null || tail === null || tail.graph !== graph) return false;
  const layer = layerOf(node);
  const affine = layer && affineOf(tail, output, layer);
  return layer !== null && affine !== null && foldAffine(layer, tail, affine);
}
