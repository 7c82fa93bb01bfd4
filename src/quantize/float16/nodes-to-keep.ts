import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { allGraphsOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import type { Float16Trouble, ValueStatistics } from './float16-trouble.ts';
import { float16Trouble } from './float16-trouble.ts';
import { nodeIdentity } from './node-identity.ts';

/**
 * The nodes, by the name of their first output, that read or make a value which float16 would spoil, and how. Values
 * without statistics are taken to fit. Nodes that read a shape alone are left out.
 */
export function nodesToKeep(
  model: Model,
  ranges: ReadonlyMap<string, ValueStatistics>,
): ReadonlyMap<string, Float16Trouble> {
  const kept = new Map<string, Float16Trouble>();
  for (const graph of allGraphsOf(model.graph)) {
    for (const node of graph.nodes()) {
      const trouble = troubleOf(node, ranges);
      if (trouble !== null) kept.set(nodeIdentity(node), trouble);
    }
  }
  return kept;
}

function troubleOf(node: Node, ranges: ReadonlyMap<string, ValueStatistics>): Float16Trouble | null {
  // They read no number, whatever its size.
  if (node.is('Shape', 'Size')) return null;
  const values = [...node.inputs, ...node.outputs].filter((value): value is Value => value !== null);
  const troubles = values.map(({ name }) => {
    const statistics = ranges.get(name);
    return statistics === undefined ? null : float16Trouble(statistics);
  });
  return troubles.includes('overflow') ? 'overflow' : (troubles.find((trouble) => trouble !== null) ?? null);
}
