import type { PruneGroup, Removal } from '../../prune/groups/prune-group.ts';

/** For axes that got shorter: which indices of the original's axis are left, by `value#axis`. */
export type Origins = ReadonlyMap<string, Int32Array>;

export function originKey(value: string, axis: number): string {
  return `${value}#${axis}`;
}

/** What is left of every axis once units are removed from a model of which `before` is left. */
export function originsAfter(before: Origins, groups: readonly PruneGroup[], removal: Removal): Origins {
  const gone = new Map<string, Uint8Array>();
  for (const { id, places } of groups) {
    const removed = new Set(removal.get(id) ?? []);
    if (removed.size === 0) continue;
    for (const { value, axis, units } of places) {
      const key = originKey(value, axis);
      const flags = gone.get(key) ?? new Uint8Array(units.length);
      for (const [index, unit] of units.entries()) if (removed.has(unit)) flags[index] = 1;
      gone.set(key, flags);
    }
  }
  const after = new Map(before);
  for (const [key, flags] of gone) {
    const indices = before.get(key) ?? Int32Array.from(flags.keys());
    after.set(
      key,
      indices.filter((_, index) => flags[index] === 0),
    );
  }
  return after;
}
