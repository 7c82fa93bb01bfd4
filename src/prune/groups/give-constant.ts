import type { Node } from '../../onnx/node.ts';
import type { Tensor } from '../../onnx/tensor.ts';

/** Gives a node another constant to read. One that others read too stays theirs; one that nobody reads any more goes. */
export function giveConstant(node: Node, index: number, tensor: Tensor): void {
  const old = node.input(index);
  if (old !== null && old.constant !== null && old.useCount === 1 && !old.isOutput) {
    old.setTensor(tensor);
    return;
  }
  if (node.graph === null) throw new RangeError(`node '${node.name}' is in no graph`);
  const name = old?.name ?? `${node.output(0)?.name ?? node.name}_constant`;
  node.setInput(index, node.graph.addInitializer(name, tensor));
}
