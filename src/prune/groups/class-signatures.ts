import { type AxisIndices, elementOf } from './axis-table.ts';
import type { GroupState } from './group-state.ts';

/** Classes, by the index that stands for them, told apart by what they are for and where they lie. */
export interface ClassSignatures {
  /** Whether a person may want to know of the class: it has a weight, and, unless it is locked, both ends. */
  isReported(root: number): boolean;
  /** Equal for classes that lie along the same axes, with the same locks. */
  keyOf(root: number): string;
}

/** Bits: made by a weight, read by one or in a product, of a weight that is no table. */
const ends = { made: 1, read: 2, layer: 4 } as const;

export function classSignatures(state: GroupState): ClassSignatures {
  const { classes } = state;
  const [roles, places] = [rolesOf(state), placesOf(state)];
  return {
    isReported: (root) => {
      const role = roles[root] ?? 0;
      const all = ends.made | ends.read | ends.layer;
      return classes.isLocked(root) ? (role & ends.layer) !== 0 : (role & all) === all;
    },
    keyOf: (root) => `${places[root]}:${classes.lockSetOf(root)}`,
  };
}

function rolesOf({ classes, weights, contractions }: GroupState): Uint8Array {
  const roles = new Uint8Array(classes.count);
  const note = (along: AxisIndices, bits: number) => {
    for (let index = 0; index < along.length; index++) {
      const root = classes.find(elementOf(along, index));
      roles[root] = (roles[root] ?? 0) | bits;
    }
  };
  for (const { role, along, isTable } of weights) {
    if (role === 'follower') continue;
    note(along, (role === 'producer' ? ends.made : ends.read) | (isTable ? 0 : ends.layer));
  }
  for (const { along } of contractions) note(along, ends.read);
  return roles;
}

/** A number for each set of axes that a class lies along. */
function placesOf({ classes, axes }: GroupState): Int32Array {
  const places = new Int32Array(classes.count);
  const latest = new Int32Array(classes.count);
  const known = new Map<number, number>();
  const all = axes.all;
  for (const [number, along] of all.entries()) {
    for (let index = 0; index < along.length; index++) {
      const root = classes.find(elementOf(along, index));
      if (latest[root] === number + 1) continue;
      latest[root] = number + 1;
      const key = (places[root] ?? 0) * all.length + number;
      const next = known.get(key) ?? known.size + 1;
      known.set(key, next);
      places[root] = next;
    }
  }
  return places;
}
