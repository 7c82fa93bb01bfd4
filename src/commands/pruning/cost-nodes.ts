import type { Node } from '../../onnx/node.ts';
import type { PruneGroup } from '../../prune/groups/prune-group.ts';
import type { DimensionShare, NodeCost } from '../../prune/plan/cost-model.ts';
import { CostModel } from '../../prune/plan/cost-model.ts';
import type { Structure } from './structure.ts';
import { originKey } from './unit-origins.ts';

/** Cost of a model by the widths of its groups, from what each node costs now. */
export function costModelOf({ model, groups, shapes }: Structure, costOf: (node: Node) => number): CostModel {
  const shares = sharesOf(groups);
  const nodes: NodeCost[] = [...model.graph.nodes()].map((node) => ({
    node: node.name,
    cost: costOf(node),
    dimensions: dimensionsOf(node, shapes).flatMap((key) => {
      const parts = shares.get(key);
      return parts === undefined ? [] : [parts];
    }),
  }));
  return new CostModel(nodes, new Map(groups.map(({ id, units }) => [id, units])));
}

/** Groups whose units lie along an axis, with the part of it that is theirs. */
function sharesOf(groups: readonly PruneGroup[]): ReadonlyMap<string, readonly DimensionShare[]> {
  const shares = new Map<string, DimensionShare[]>();
  for (const { id, places } of groups)
    for (const { value, axis, units } of places) {
      const own = units.reduce((count, unit) => count + (unit >= 0 ? 1 : 0), 0);
      const key = originKey(value, axis);
      shares.set(key, [...(shares.get(key) ?? []), { group: id, share: own / units.length }]);
    }
  return shares;
}

/** Axes that a node's work is a product of: of its weight, else of what it makes and adds up over. */
function dimensionsOf(node: Node, shapes: Structure['shapes']): readonly string[] {
  const weight = node.input(1);
  if (node.is('Conv', 'ConvTranspose', 'Gemm', 'MatMul') && weight?.constant != null)
    return axesOf(weight.name, weight.constant.dims.length);
  const output = node.output(0)?.name ?? '';
  const made = axesOf(output, shapes.get(output)?.dims.length ?? 0);
  const left = node.input(0)?.name ?? '';
  const rank = shapes.get(left)?.dims.length ?? 0;
  return node.is('MatMul') && rank > 0 ? [...made, originKey(left, rank - 1)] : made;
}

/** Names of the layers that make or read a group's units. */
export function layersOf({ producers, consumers, followers }: PruneGroup): ReadonlySet<string> {
  return new Set([...producers, ...consumers, ...followers].map(({ node }) => node));
}

/** Share of the MACs of Conv, Gemm and MatMul that lie in nodes of which one dimension at least can be pruned. */
export function unlockedMacsOf({ model, groups, shapes }: Structure, macsOf: (node: Node) => number): number | null {
  const open = sharesOf(groups.filter(({ locks }) => locks.length === 0));
  let [unlocked, all] = [0, 0];
  for (const node of model.graph.nodes()) {
    if (!node.is('Conv', 'ConvTranspose', 'Gemm', 'MatMul')) continue;
    const macs = macsOf(node);
    all += macs;
    if (dimensionsOf(node, shapes).some((key) => open.has(key))) unlocked += macs;
  }
  return all === 0 ? null : unlocked / all;
}

function axesOf(name: string, rank: number): readonly string[] {
  return Array.from({ length: rank }, (_, axis) => originKey(name, axis));
}
