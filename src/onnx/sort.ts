import type { Graph } from './graph.ts';
import type { Node } from './node.ts';
import { readsOf } from './traverse.ts';

/** The nodes of a graph need each other in a circle. */
export class CycleError extends Error {
  /** One node of the circle. */
  readonly node: Node;

  constructor(node: Node) {
    super(`node '${node.name}' (${node.op}) needs its own output`);
    this.name = 'CycleError';
    this.node = node;
  }
}

/**
 * Nodes of a graph with every producer before its readers, subgraphs' captures counted. Stable: a sorted graph keeps
 * its order, and what must move moves to right before its first reader. Throws CycleError.
 */
export function topologicalOrder(graph: Graph): readonly Node[] {
  const order: Node[] = [];
  const state = new Map<Node, 'open' | 'done'>();
  for (const root of graph.nodes()) visit(root, { graph, order, state });
  return order;
}

interface Visit {
  readonly graph: Graph;
  readonly order: Node[];
  readonly state: Map<Node, 'open' | 'done'>;
}

/** Depth first with a stack of its own: a chain of 100,000 nodes must not overflow the call stack. */
function visit(root: Node, { graph, order, state }: Visit): void {
  if (state.has(root)) return;
  state.set(root, 'open');
  const stack = [{ node: root, needs: producersOf(root, graph), next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const needed = top.needs[top.next++];
    if (needed === undefined) {
      state.set(top.node, 'done');
      order.push(top.node);
      stack.pop();
    } else if (!state.has(needed)) {
      state.set(needed, 'open');
      stack.push({ node: needed, needs: producersOf(needed, graph), next: 0 });
    } else if (state.get(needed) === 'open') {
      throw new CycleError(needed);
    }
  }
}

function producersOf(node: Node, graph: Graph): readonly Node[] {
  const producers: Node[] = [];
  for (const value of readsOf(node)) {
    if (value.graph === graph && value.producer !== null) producers.push(value.producer);
  }
  return producers;
}

/** Puts a graph's nodes in topological order. Tells whether any moved. Throws CycleError. */
export function sortTopologically(graph: Graph): boolean {
  const order = topologicalOrder(graph);
  const isSorted = [...graph.nodes()].every((node, index) => node === order[index]);
  if (isSorted) return false;
  for (const node of order) graph.moveBefore(null, node);
  return true;
}
