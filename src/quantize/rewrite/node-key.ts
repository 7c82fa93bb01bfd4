import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';

/** What tells a node of the main graph in every copy of a model: the name of its first output. */
export function nodeKey(node: Node): string {
  return node.outputs.find((value) => value !== null)?.name ?? '';
}

/** The nodes of the main graph by key. */
export function nodesByKey(model: Model): ReadonlyMap<string, Node> {
  return new Map([...model.graph.nodes()].map((node) => [nodeKey(node), node]));
}
