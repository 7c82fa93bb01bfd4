import type { Graph } from '../graph.ts';
import type { Model } from '../model.ts';
import type { Node } from '../node.ts';
import { allGraphsOf } from '../traverse.ts';
import { repeatUntilUnchanged } from './repeat-until-unchanged.ts';

/** Before it, Add and Mul broadcast by an attribute, Gemm too, and BatchNormalization trained by default. */
const oldestOpset = 7;

/**
 * Tries a rewrite on every node of the main graph and of its subgraphs until none has anything left to rewrite. Function
 * bodies are left alone, whose types depend on the caller, and so are operator sets before `since`. Tells whether
 * anything changed.
 */
export function rewriteNodes(
  model: Model,
  rewrite: (node: Node, graph: Graph) => boolean,
  { since = oldestOpset }: { readonly since?: number } = {},
): boolean {
  if (model.opset < since) return false;
  return repeatUntilUnchanged(() => {
    let changed = false;
    for (const graph of allGraphsOf(model.graph)) {
      for (const node of graph.nodes()) while (node.graph === graph && rewrite(node, graph)) changed = true;
    }
    return changed;
  });
}
