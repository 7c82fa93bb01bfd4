import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { allGraphs, readsOf } from '../traverse.ts';

/** Operators whose outputs from a position on may be left out without another meaning of those before. */
const optionalOutputs: ReadonlyMap<string, number> = new Map([
  ['Dropout', 1],
  ['MaxPool', 1],
  ['LSTM', 1],
  ['GRU', 1],
  ['RNN', 1],
  ['LayerNormalization', 1],
]);

/**
 * Removes nodes none of whose outputs is needed, in every graph, and then what only they needed; and leaves out
 * trailing outputs that nothing reads where the operator allows it (Dropout's mask, MaxPool's indices, the last states
 * of LSTM, GRU and RNN, LayerNormalization's statistics).
 *
 * Left alone: nodes without any output (they can only be there for what they do beside), an unused output in front of
 * a needed one, and BatchNormalization's further outputs, whose number tells training from inference in old opsets.
 * Inputs and initializers that nobody reads any more stay.
 */
export const removeDeadNodes: PurePass = {
  name: 'remove-dead-nodes',
  apply(model) {
    const graphs = [...allGraphs(model)];
    const waiting: Node[] = graphs.flatMap((graph) => [...graph.nodes()]);
    let changed = false;
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (removeIfDead(node, waiting)) changed = true;
    }
    for (const graph of allGraphs(model)) for (const node of graph.nodes()) if (trim(node)) changed = true;
    return changed;
  },
};

/** Removes a dead node and notes who may be dead without it. */
function removeIfDead(node: Node, waiting: Node[]): boolean {
  if (node.graph === null || node.outputs.length === 0) return false;
  if (node.outputs.some((value) => value !== null && !value.isUnused)) return false;
  const reads = [...readsOf(node)];
  node.graph.remove(node);
  for (const { producer } of reads) if (producer !== null) waiting.push(producer);
  return true;
}

function trim(node: Node): boolean {
  const least = node.is(node.op) ? optionalOutputs.get(node.op) : undefined;
  if (least === undefined) return false;
  let count = node.outputs.length;
  while (count > least && node.output(count - 1)?.isUnused !== false) count--;
  if (count === node.outputs.length) return false;
  node.trimOutputs(count);
  return true;
}
