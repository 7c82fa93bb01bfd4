import type { Graph } from './graph.ts';
import { Node } from './node.ts';

/**
 * Whether a node lies in the body of a Loop or a Scan, however deep: it runs any number of times a run, and calibration
 * does not see its values. Branches of an If run once at most, and are seen through the If (`withBranchValues`).
 */
export function isInLoop({ graph }: Node): boolean {
  for (let at: Graph | null = graph; at !== null; at = at.parent) {
    const { container } = at;
    if (container instanceof Node && !container.is('If')) return true;
  }
  return false;
}
