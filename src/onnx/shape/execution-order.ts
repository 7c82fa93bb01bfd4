import type { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import { CycleError, topologicalOrder } from '../sort.ts';

/** Nodes as they would run: files may list them in any order. A graph with a circle, which cannot run, is left as is. */
export function executionOrder(graph: Graph): readonly Node[] {
  try {
    return topologicalOrder(graph);
  } catch (error) {
    if (error instanceof CycleError) return [...graph.nodes()];
    throw error;
  }
}
