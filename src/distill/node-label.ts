import type { Node } from '../onnx/node.ts';

/** What a node is called in sentences: by what it makes where it has no name. */
export function nodeLabel(node: Node): string {
  return node.name === '' ? `-> ${node.output(0)?.name ?? ''}` : node.name;
}
