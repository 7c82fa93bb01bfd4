import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { capturesOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import type { TensorShape } from '../../runtime/model-runner.ts';
import { collectGroups } from './collect-groups.ts';
import { lockAxis, lockComputed, lockEntries } from './computed-lengths.ts';
import { groupRuleOf } from './group-rules.ts';
import type { GroupState } from './group-state.ts';
import { newGroupState } from './group-state.ts';
import { NodeTies } from './node-ties.ts';
import type { LockReason, PruneGroup } from './prune-group.ts';
import { lockNode } from './rules/locking.ts';
import { settleFactors } from './settle-factors.ts';
import { weightsInControlFlow } from './weights-in-control-flow.ts';

export interface GroupOptions {
  /** Of graph inputs and of every value that a node of the main graph makes, by name, from a run. */
  readonly shapes: ReadonlyMap<string, TensorShape>;
  /** Whether units that a norm looks at together, and the width of embeddings, may go. */
  readonly width: boolean;
  /** Nodes whose weights stay as they are. */
  readonly exclude: (node: Node) => boolean;
}

/**
 * What can be removed from a model together, and what cannot and why. The dependency groups of DepGraph (Fang and
 * others, "DepGraph: Towards Any Structural Pruning", 2023), found index by index: each operator unites indices of axes
 * that stay or go together and locks those that have to stay. The model is a prepared one; every node has a name of its
 * own, and small constants are nobody's but their reader's (`privatizeConstants`).
 */
export function findGroups(model: Model, options: GroupOptions): readonly PruneGroup[] {
  const state = newGroupState({ ...options, opset: model.opset });
  for (const value of model.graph.inputs) lockEnd(value, 'graph-input', state);
  for (const node of model.graph.nodes()) tieNode(new NodeTies(node, state), options);
  for (const value of model.graph.outputs) lockEnd(value, 'graph-output', state);
  lockComputed(state);
  settleFactors(state);
  return collectGroups(state, weightsInControlFlow(model));
}

function tieNode(ties: NodeTies, { exclude }: GroupOptions): void {
  const { node } = ties;
  if (exclude(node)) lockNode(ties, 'excluded');
  if (node.subgraphs.length > 0) {
    lockNode(ties, 'in-control-flow');
    for (const subgraph of node.subgraphs)
      for (const value of capturesOf(subgraph)) ties.lockAll(value, 'in-control-flow');
    return;
  }
  if (!ties.state.contents.follow(node)) lockReadLengths(ties);
  if ([...node.inputs, ...node.outputs].some((value) => value !== null && !isShaped(value, ties)))
    lockNode(ties, 'no-shape');
  else groupRuleOf(node)(ties);
}

/** An output that nobody reads may have no shape. */
function isShaped(value: Value, { state }: NodeTies): boolean {
  return state.axes.dims(value) !== null || value.isUnused;
}

/** Inputs that are shapes, by operator: their lengths are not computed with. */
const shapeInputs: Readonly<Record<string, number>> = { Reshape: 1, Expand: 1, ConstantOfShape: 0, Resize: 3 };

function lockReadLengths(ties: NodeTies): void {
  for (const [index, value] of ties.node.inputs.entries())
    if (value !== null && !(ties.node.is(ties.node.op) && shapeInputs[ties.node.op] === index))
      ties.lockLengths(value, 'computed-shape');
}

/** Callers feed and read what they always did. */
function lockEnd(value: Value, reason: LockReason, state: GroupState): void {
  const lock = { reason, node: value.name, op: null };
  const set = state.classes.lockSet(lock);
  for (const axis of (state.axes.dims(value) ?? []).keys()) lockAxis(state.axes.of(value, axis), set, state.classes);
  lockEntries(value, lock, state);
}
