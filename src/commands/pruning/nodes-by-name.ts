import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';

/** Nodes of the main graph; in a prepared model each has a name of its own. */
export function nodesByName(model: Model): ReadonlyMap<string, Node> {
  return new Map([...model.graph.nodes()].map((node) => [node.name, node]));
}
