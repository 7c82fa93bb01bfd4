import type { Value } from '../../onnx/value.ts';
import { type AxisIndices, elementOf } from './axis-table.ts';
import type { GroupState } from './group-state.ts';
import type { IndexClasses } from './index-classes.ts';
import type { Lock } from './prune-group.ts';
import type { Literal } from './shape-contents.ts';

/** The numbers and lengths that a value holds must stay as they are: somebody computes with them, or returns them. */
export function lockEntries(value: Value, lock: Lock, { classes, axes, contents, computed }: GroupState): void {
  const set = classes.lockSet(lock);
  for (const entry of contents.entriesIn(value)) {
    if (entry.kind === 'literal') computed.set(keyOf(entry), lock);
    else lockAxis(axes.of(entry.value, entry.axis), set, classes);
  }
}

/** Locks axes whose length is a number that must stay. */
export function lockComputed({ classes, computed, lengths }: GroupState): void {
  for (const [key, lock] of computed) lockAxis(lengths.get(key) ?? null, classes.lockSet(lock), classes);
}

export function lockAxis(indices: AxisIndices | null, set: number, classes: IndexClasses): void {
  if (indices === null) return;
  for (let index = 0; index < indices.length; index++) classes.addLocks(elementOf(indices, index), set);
}

/** Names a number in a constant. */
export function keyOf({ constant, index }: Literal): string {
  return `${constant.name}:${index}`;
}
