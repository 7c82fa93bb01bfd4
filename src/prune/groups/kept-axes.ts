import type { AxisName, PruneGroup, Removal } from './prune-group.ts';

/** What is left of the axes that lose units. */
export interface KeptAxes {
  /** Values that lose something, each with the axes along which it does. */
  readonly values: ReadonlyMap<string, ReadonlyMap<number, Int32Array>>;
  /** Indices that stay, ascending; null where all do. */
  of(axis: AxisName): Int32Array | null;
}

/**
 * Joins what groups lose: an axis may carry units of several. Throws RangeError for a unit that is not there, for a
 * group that is locked, and for one that would keep nothing.
 */
export function keptAxes(groups: readonly PruneGroup[], removal: Removal): KeptAxes {
  const stays = new Map<string, Map<number, Uint8Array>>();
  for (const { group, removed } of removedUnits(groups, removal))
    for (const { value, axis, units } of group.places) {
      const axes = stays.get(value) ?? new Map<number, Uint8Array>();
      const flags = axes.get(axis) ?? new Uint8Array(units.length).fill(1);
      for (const [index, unit] of units.entries()) if (unit >= 0 && removed.has(unit)) flags[index] = 0;
      stays.set(value, axes.set(axis, flags));
    }
  const values = new Map(
    [...stays].map(([name, axes]) => [name, new Map([...axes].map(([axis, flags]) => [axis, indicesOf(flags)]))]),
  );
  return { values, of: ({ value, axis }) => values.get(value)?.get(axis) ?? null };
}

/** Groups that lose something, with the units that go. Throws RangeError as {@link keptAxes} does. */
function removedUnits(
  groups: readonly PruneGroup[],
  removal: Removal,
): readonly { readonly group: PruneGroup; readonly removed: ReadonlySet<number> }[] {
  const byId = new Map(groups.map((group) => [group.id, group]));
  return [...removal].flatMap(([id, units]) => {
    if (units.length === 0) return [];
    const group = byId.get(id);
    if (group === undefined) throw new RangeError(`there is no group ${id}`);
    const removed = new Set(units);
    const wrong = units.find((unit) => !(Number.isInteger(unit) && unit >= 0 && unit < group.units));
    if (wrong !== undefined) throw new RangeError(`group '${group.name}' has no unit ${wrong}`);
    if (group.locks.length > 0) throw new RangeError(`group '${group.name}' is locked`);
    if (removed.size >= group.units) throw new RangeError(`group '${group.name}' would keep no unit`);
    return [{ group, removed }];
  });
}

function indicesOf(flags: Uint8Array): Int32Array {
  return Int32Array.from([...flags.keys()].filter((index) => flags[index] === 1));
}
