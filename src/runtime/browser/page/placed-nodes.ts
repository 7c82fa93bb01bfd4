import type { NodePlacement } from '../../runtime.ts';

/**
 * Nodes by provider from onnxruntime's verbose log (VerifyEachNodeIsAssignedToAnEp of 1.30), one line a provider and
 * graph: no call of onnxruntime-web tells, and the file of a profile stays in its memory.
 */
export function countPlacedNodes(log: readonly string[]): readonly NodePlacement[] {
  const nodes = new Map<string, number>();
  for (const text of log) {
    for (const [, provider = '', count = '0'] of text.matchAll(
      /odes?(?:\(s\))? placed on \[(\w+)\]\. Number of nodes: (\d+)/g,
    ))
      nodes.set(provider, (nodes.get(provider) ?? 0) + Number(count));
  }
  return [...nodes].map(([provider, count]) => ({ provider, nodes: count }));
}
