import type { Node } from '../../onnx/node.ts';

/** What a node is known by: the name of its first output. Node names may be missing. */
export function nodeIdentity(node: Node): string {
  return node.outputs.find((value) => value !== null)?.name ?? '';
}
