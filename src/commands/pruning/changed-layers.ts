import type { Model } from '../../onnx/model.ts';
import { topologicalOrder } from '../../onnx/sort.ts';
import type { Value } from '../../onnx/value.ts';
import type { PruneGroup, Removal } from '../../prune/groups/prune-group.ts';

/**
 * Names of the nodes of a pruned model that read fewer inputs than before, or other ones because something before them
 * does: refitting the second sort too is what brings a transformer back whose heads were removed.
 */
export function changedLayers(
  model: Model,
  { groups, removal }: { readonly groups: readonly PruneGroup[]; readonly removal: Removal },
): ReadonlySet<string> {
  const pruned = groups.filter(({ id }) => (removal.get(id)?.length ?? 0) > 0);
  const changed = new Set(pruned.flatMap(({ consumers }) => consumers.map(({ node }) => node)));
  const values = new Set<Value>();
  for (const node of topologicalOrder(model.graph)) {
    if (!changed.has(node.name) && !node.inputs.some((value) => value !== null && values.has(value))) continue;
    changed.add(node.name);
    for (const value of node.outputs) if (value !== null) values.add(value);
  }
  return changed;
}
