import type { Node } from '../../onnx/node.ts';
import { readsOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import type { DataFlow } from './data-flow.ts';
import { isProduct, readsLengths } from './operator-roles.ts';

/** What lies on the ways from a value to a node. */
export interface Region {
  /** In order; the node at the end is the last. Empty where no way leads there. */
  readonly nodes: readonly Node[];
  /** Layers among them that the value's elements go through. */
  readonly products: number;
}

/** The nodes that need `input` and that `last` needs. Masks, positions and what else comes from the side are not among them. */
export function regionBetween(input: Value, last: Node, flow: DataFlow): Region {
  const needed = [...flow.needs([last], flow.madeAt(input))];
  const reached = new Set([input]);
  const filled = new Set([input]);
  const nodes: Node[] = [];
  let products = 0;
  for (const node of needed.toSorted((a, b) => flow.placeOf(a) - flow.placeOf(b))) {
    const reads = [...readsOf(node)];
    if (!reads.some((value) => reached.has(value))) continue;
    nodes.push(node);
    const isFilled = !readsLengths(node) && reads.some((value) => filled.has(value));
    if (isFilled && isProduct(node)) products++;
    for (const value of node.outputs) {
      if (value === null) continue;
      reached.add(value);
      if (isFilled) filled.add(value);
    }
  }
  return { nodes: nodes.at(-1) === last ? nodes : [], products };
}

/** Whether elements of a value go into what one of these values is made of. A mask of its length is not made of it. */
export function isMadeOf(values: readonly Value[], origin: Value, flow: DataFlow): boolean {
  const makers = values.flatMap(({ producer }) => producer ?? []);
  const needed = flow.needs(makers, flow.madeAt(origin), (node) => !readsLengths(node));
  for (const node of needed)
    if (!readsLengths(node)) for (const value of readsOf(node)) if (value === origin) return true;
  return false;
}
