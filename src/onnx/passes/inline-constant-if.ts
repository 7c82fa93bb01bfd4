import { copyNodes } from '../copy-graph.ts';
import type { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { allVersionedGraphs, type VersionedGraph } from '../traverse.ts';
import type { Value } from '../value.ts';
import { constantOf } from './constant-of.ts';
import { handOver } from './hand-over.ts';
import { isUniform } from './noop-arithmetic.ts';
import { repeatUntilUnchanged } from './repeat-until-unchanged.ts';

/**
 * Puts the branch that is always taken in the place of an If whose condition is constant, in every graph. Names inside
 * are made unique; the If's outputs keep theirs where the graph returns them.
 *
 * Left alone: conditions that are computed, also from constants (constant folding comes first), or that a caller may
 * override; and in function bodies, which have no initializers, branches that have some.
 */
export const inlineConstantIf: PurePass = {
  name: 'inline-constant-if',
  apply(model) {
    return repeatUntilUnchanged(() => {
      let changed = false;
      for (const scope of allVersionedGraphs(model)) {
        for (const node of scope.graph.nodes()) if (inlineBranch(node, scope)) changed = true;
      }
      return changed;
    });
  },
};

function inlineBranch(node: Node, { graph, inFunction }: VersionedGraph): boolean {
  const branch = node.is('If') ? takenBranch(node) : null;
  if (branch === null || branch.outputs.length !== node.outputs.length) return false;
  // A subgraph that returns it directly, which the runtime refuses, would keep the If alive.
  if (node.outputs.some((value) => value?.isOutput === true && !graph.outputs.includes(value))) return false;
  if (inFunction && graph.parent === null && branch.initializers.size > 0) return false;
  const values = new Map<Value, Value>();
  for (const value of branch.initializers) {
    if (value.tensor !== null) values.set(value, graph.addInitializer(value.name, value.tensor));
  }
  copyNodes(branch.nodes(), graph, { before: node, values });
  for (const [index, value] of node.outputs.entries()) {
    const result = branch.outputs[index];
    if (value !== null && result !== undefined) handOver(value, { by: values.get(result) ?? result, before: node });
  }
  graph.remove(node);
  return true;
}

/** The branch that a constant condition chooses. */
function takenBranch(node: Node): Graph | null {
  const condition = constantOf(node.input(0));
  if (condition === null || condition.type !== 'bool' || condition.elementCount !== 1) return null;
  const attribute = node.attributes.get(isUniform(condition, 0) ? 'else_branch' : 'then_branch');
  return attribute?.kind === 'graph' && attribute.value.inputs.length === 0 ? attribute.value : null;
}
