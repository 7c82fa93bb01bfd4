import type { LockReason } from '../prune-group.ts';
import type { GroupRule } from '../group-rule.ts';
import type { NodeTies } from '../node-ties.ts';

/** For operators without a rule: everything they touch stays. */
export const unknown: GroupRule = (ties) => lockNode(ties, 'unknown-operator');

/** A recurrent layer: nothing of it is pruned, but it is a layer that somebody may ask about. */
export const recurrent: GroupRule = (ties) => {
  lockNode(ties, 'unknown-operator');
  ties.weight('consumer', 1, 2);
  ties.weight('producer', 1, 1);
};

/** Locks all that a node reads and makes. */
export function lockNode(ties: NodeTies, reason: LockReason): void {
  for (const value of [...ties.node.inputs, ...ties.node.outputs]) ties.lockAll(value, reason);
}
