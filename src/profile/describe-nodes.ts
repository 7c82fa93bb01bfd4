import type { Attribution } from './attribute.ts';
import { labelOf } from './attribute.ts';
import type { NodeCost } from './profile-options.ts';
import type { ProfiledKernel, ProfiledNode } from './profile-result.ts';

interface Described {
  readonly attribution: Attribution;
  readonly kernels: readonly ProfiledKernel[];
  readonly costs: readonly NodeCost[];
}

/** Every node of the file, with the times of the kernels that are mostly its. */
export function describeNodes({ attribution, kernels, costs }: Described): readonly ProfiledNode[] {
  const [workers, ownTimes] = [new Map<number, number[]>(), new Map<number, ProfiledKernel[]>()];
  for (const [at, kernel] of kernels.entries()) {
    for (const node of kernel.fileNodes) workers.set(node, [...(workers.get(node) ?? []), at]);
    const owner = mostlyOf(kernel, costs);
    if (owner !== null) ownTimes.set(owner, [...(ownTimes.get(owner) ?? []), kernel]);
  }
  return attribution.nodes.map(({ node, fate }, place) => {
    const own = ownTimes.get(place) ?? [];
    const costliest = own.toSorted((a, b) => b.timeMs.value - a.timeMs.value)[0];
    const indices = workers.get(place) ?? [];
    return {
      name: labelOf(node),
      op: node.op,
      provider: kernels[indices[0] ?? -1]?.provider ?? null,
      fate,
      kernels: indices,
      share: sum(own.map(({ share }) => share.value)),
      timeMs: sum(own.map(({ timeMs }) => timeMs.value)),
      macs: costs[place]?.macs ?? null,
      bytes: costs[place]?.bytes ?? null,
      bound: costliest?.bound ?? null,
    };
  });
}

/** The node with the most MACs; without any, the one that the kernel is named for. */
function mostlyOf({ fileNodes }: ProfiledKernel, costs: readonly NodeCost[]): number | null {
  const macsOf = (node: number) => costs[node]?.macs ?? 0;
  return fileNodes.reduce<number | null>(
    (best, node) => (best === null || macsOf(node) > macsOf(best) ? node : best),
    null,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
