import type { Model } from '../../onnx/model.ts';
import { allGraphsOf, valuesOf } from '../../onnx/traverse.ts';
import { allNodes, nodeKey } from '../rewrite/node-key.ts';

/**
 * Gives values in the bodies of If, Loop and Scan names that nothing else in the model has: branches may use the same
 * ones, but ranges and plans go by name. Nodes without a name, at any depth, get that of what they make. What a model
 * takes, returns and computes stays as it is.
 */
export function tellApart(model: Model): void {
  const { names } = model.graph;
  const seen = new Set<string>();
  // The main graph comes first: its names are what callers know.
  for (const graph of allGraphsOf(model.graph))
    for (const value of new Set(valuesOf(graph))) {
      if (seen.has(value.name)) value.rename(names.unique(value.name));
      seen.add(value.name);
    }
  for (const node of allNodes(model)) if (node.name === '') node.rename(names.uniqueNode(nodeKey(node)));
}
