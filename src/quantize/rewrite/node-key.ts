import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { allGraphsOf } from '../../onnx/traverse.ts';

/** What tells a node in every copy of a model: the name of its first output, at any depth once `tellApart` was here. */
export function nodeKey(node: Node): string {
  return node.outputs.find((value) => value !== null)?.name ?? '';
}

/** The nodes of the main graph by key. */
export function nodesByKey(model: Model): ReadonlyMap<string, Node> {
  return new Map([...model.graph.nodes()].map((node) => [nodeKey(node), node]));
}

/** The nodes of the main graph, and of the bodies of If, Loop and Scan in it, by key. */
export function allNodesByKey(model: Model): ReadonlyMap<string, Node> {
  return new Map([...allNodes(model)].map((node) => [nodeKey(node), node]));
}

/** The nodes of the main graph and of the bodies in it, the outer ones first. */
export function* allNodes({ graph }: Model): Generator<Node, void, undefined> {
  for (const each of allGraphsOf(graph)) yield* each.nodes();
}
