import type { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import { topologicalOrder } from '../sort.ts';
import { capturesOf } from '../traverse.ts';
import { batchRules } from './batch-rules.ts';
import type { BatchFacts, BatchState } from './batch-view.ts';
import { BatchView } from './batch-view.ts';
import { sizeRules } from './size-rules.ts';

/** Operators that take a shape as an input and make samples of it. */
const shapeTakers = ['Reshape', 'Expand', 'ConstantOfShape'];

/**
 * Follows the samples from the graph's inputs, whose states are known, through all nodes: fills in the states of what
 * they make and notes the edits that another batch size needs. Throws BatchProblem, CycleError.
 */
export function followBatch(graph: Graph, facts: BatchFacts): void {
  for (const node of topologicalOrder(graph)) {
    const view = new BatchView(node, facts);
    if (!dependsOnBatch(node, view)) continue;
    for (const [index, state] of statesAfter(view).entries()) {
      const value = node.output(index);
      if (value !== null && state !== null) facts.states.set(value, state);
    }
  }
}

function dependsOnBatch(node: Node, view: BatchView): boolean {
  for (const subgraph of node.subgraphs) {
    for (const value of capturesOf(subgraph)) {
      if (view.facts.states.has(value)) view.refuse('its subgraphs read what depends on the batch');
    }
  }
  return node.inputs.some((_, index) => view.state(index) !== null);
}

function statesAfter(view: BatchView): readonly (BatchState | null)[] {
  const { node } = view;
  const takesSizes = node.inputs.some((_, index) => view.state(index)?.kind === 'sizes');
  const sizeRule = node.is('Shape') || (takesSizes && !node.is(...shapeTakers)) ? sizeRules.get(node.op) : undefined;
  if (sizeRule !== undefined && node.is(node.op)) return [sizeRule(view)];
  const rule = node.is(node.op) ? batchRules.get(node.op) : undefined;
  if (rule === undefined) return view.refuse('it is not known to treat each sample by itself');
  const axes = rule(view);
  return node.outputs.map((_, index) => {
    const axis = typeof axes === 'number' || axes === null ? axes : axes[index];
    return typeof axis === 'number' ? { kind: 'samples', axis } : null;
  });
}
