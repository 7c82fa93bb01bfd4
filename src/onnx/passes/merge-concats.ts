import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { allGraphs } from '../traverse.ts';
import type { Value } from '../value.ts';
import { hasReferences } from './constant-of.ts';
import { repeatUntilUnchanged } from './repeat-until-unchanged.ts';

/** A Concat does not grow beyond this: kernels hold a record for every input. */
const mostInputs = 1024;

/**
 * Puts the inputs of a Concat into the Concat that reads it, in every graph, when both join along the same axis and
 * nothing else reads the first, which is read once.
 *
 * Left alone: axes that are equal but written in different ways, one from the front and one from the back.
 */
export const mergeConcats: PurePass = {
  name: 'merge-concats',
  apply(model) {
    return repeatUntilUnchanged(() => {
      let changed = false;
      for (const graph of allGraphs(model)) {
        for (const node of graph.nodes()) if (isConcat(node) && takeInputs(node)) changed = true;
      }
      return changed;
    });
  },
};

function isConcat(node: Node): boolean {
  return node.is('Concat') && node.attributes.has('axis') && !hasReferences(node);
}

function takeInputs(node: Node): boolean {
  const merged: Node[] = [];
  const inputs: (Value | null)[] = [];
  let room = mostInputs - node.inputs.length;
  for (const value of node.inputs) {
    const inner = value === null ? null : innerOf(value, node);
    if (inner === null || inner.inputs.length - 1 > room) {
      inputs.push(value);
    } else {
      room -= inner.inputs.length - 1;
      inputs.push(...inner.inputs);
      merged.push(inner);
    }
  }
  if (merged.length === 0) return false;
  node.setInputs(inputs);
  for (const inner of merged) inner.graph?.remove(inner);
  return true;
}

/** The Concat that makes a value only for this one. */
function innerOf(value: Value, node: Node): Node | null {
  const inner = value.producer;
  if (inner === null || inner.graph !== node.graph || value.isOutput || value.useCount !== 1) return null;
  return isConcat(inner) && inner.int('axis', 0) === node.int('axis', 0) ? inner : null;
}
