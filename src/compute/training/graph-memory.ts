import { byteLengthOf } from '../../onnx/data-type.ts';
import { elementCount } from '../../onnx/dense-tensor.ts';
import type { Node } from '../../onnx/node.ts';
import { topologicalOrder } from '../../onnx/sort.ts';
import { readsOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import type { Expressions } from '../expressions/expressions.ts';

/** What a run of a graph takes, in bytes. */
export interface GraphMemory {
  /** Most that live at one time of what nodes make and the graph does not return. */
  readonly activationBytes: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  readonly constantBytes: number;
}

/**
 * Memory of a graph whose shapes are known, by the life of its values: each has memory of its own from the node that
 * makes it to the last one that reads it, in the order in which they run; nothing is done in place. Nodes that no output
 * needs do not run, and the constants that only they read count for nothing.
 */
export function graphMemory(e: Expressions): GraphMemory {
  const { graph } = e;
  const order = neededNodes(e);
  const returned = new Set(graph.outputs);
  const read = new Set(order.flatMap((node) => [...readsOf(node)]));
  const sum = (values: Iterable<Value>): number => [...values].reduce((bytes, value) => bytes + bytesOf(e, value), 0);
  return {
    activationBytes: peak(e, order, returned),
    inputBytes: sum(graph.inputs.filter((value) => read.has(value))),
    outputBytes: sum(returned),
    constantBytes: sum([...graph.initializers].filter((value) => read.has(value))),
  };
}

/** Bytes that are live at once, of values that are neither returned nor given. */
function peak(e: Expressions, order: readonly Node[], returned: ReadonlySet<Value>): number {
  const lastReads = new Map<Value, number>();
  for (const [index, node] of order.entries()) for (const value of readsOf(node)) lastReads.set(value, index);
  const live = new Map<Value, number>();
  let bytes = 0;
  let most = 0;
  for (const [index, node] of order.entries()) {
    const made = node.outputs.filter((value) => value !== null && !returned.has(value));
    for (const value of made) {
      if (value === null) continue;
      live.set(value, bytesOf(e, value));
      bytes += bytesOf(e, value);
    }
    most = Math.max(most, bytes);
    for (const value of [...readsOf(node), ...made]) {
      if (value === null || (lastReads.get(value) ?? index) > index) continue;
      bytes -= live.get(value) ?? 0;
      live.delete(value);
    }
  }
  return most;
}

/** Nodes that an output depends on, in the order in which they run. */
function neededNodes({ graph }: Expressions): readonly Node[] {
  const needed = new Set<Value>(graph.outputs);
  const nodes = topologicalOrder(graph)
    .toReversed()
    .filter((node) => {
      if (!node.outputs.some((value) => value !== null && needed.has(value))) return false;
      for (const value of readsOf(node)) needed.add(value);
      return true;
    });
  return nodes.toReversed();
}

function bytesOf(e: Expressions, value: Value): number {
  const shape = e.shapeOf(value) ?? value.tensor;
  return shape === null ? 0 : byteLengthOf(shape.type, elementCount(shape.dims));
}
