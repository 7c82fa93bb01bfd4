import type { Inspection } from './inspect-result.ts';
import type { GraphCost } from './model-cost.ts';
import { operatorName } from './model-cost.ts';
import type { PlacedNode } from './placed-nodes.ts';

/** Operators by what they cost: how often they are written, and their part in the MACs and bytes of a run. */
export function describeOperators(nodes: readonly PlacedNode[], cost: GraphCost): Inspection['operators'] {
  const counts = new Map<string, number>();
  for (const { node } of nodes) {
    const name = operatorName(node);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([name, count]) => {
      const { macs, bytes } = cost.byOperator.get(name) ?? { macs: 0, bytes: 0 };
      return { name, count, macs, macShare: share(macs, cost.macs), bytes, byteShare: share(bytes, cost.bytes) };
    })
    .toSorted((a, b) => b.macs - a.macs || b.bytes - a.bytes || b.count - a.count || (a.name < b.name ? -1 : 1));
}

/** Part of a whole; null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
