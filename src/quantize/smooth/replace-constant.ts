import type { Node } from '../../onnx/node.ts';
import { Tensor } from '../../onnx/tensor.ts';
import { addConstant, removeUnread } from '../rewrite/weights.ts';
import type { FloatArray } from './along-axis.ts';

/**
 * Gives a node other numbers at an input. A constant that it alone reads keeps its name; one that others read too stays
 * theirs.
 */
export function replaceConstant(node: Node, index: number, { dims, data }: FloatArray): void {
  const old = node.input(index);
  const tensor = { type: 'float32', dims, data } as const;
  if (old !== null && old.constant !== null && old.useCount === 1 && !old.isOutput) {
    old.setTensor(Tensor.fromDense(tensor));
    return;
  }
  if (node.graph === null) throw new RangeError(`node '${node.name}' is in no graph`);
  node.setInput(index, addConstant(node.graph, old?.name ?? `${node.output(0)?.name ?? node.op}_bias`, tensor));
  removeUnread([old]);
}
