import { longs } from '../graph-builder.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { Tensor } from '../tensor.ts';
import { allVersionedGraphs, type VersionedGraph } from '../traverse.ts';
import type { Shape } from '../value-type.ts';
import type { Value } from '../value.ts';
import { constantIntegers, hasReferences, listOf } from './constant-of.ts';
import { inferredShapes, type ShapeOf } from './inferred-shapes.ts';
import { sameShape } from './noop-rule.ts';
import { redirect } from './redirect.ts';
import { repeatUntilUnchanged } from './repeat-until-unchanged.ts';

/** From here on Reshape takes its target as an input. */
const opsetOfTargetInput = 5;

/**
 * Merges Reshape, Flatten, Squeeze and Unsqueeze that follow each other, in every graph:
 * - none is left when the last gives back the shape that the first was given: provably the same shape, or Squeeze and
 *   Unsqueeze (either way round) of the same explicit axes;
 * - a Reshape to a constant shape without zeros (or with `allowzero`) reads what the first of two read;
 * - two become one Reshape when the last shape is known well enough to write it down: numbers, one unknown axis, or
 *   symbolic axes that lie where they lay before.
 *
 * Left alone: targets that are computed, targets with a 0 that would be taken from another shape, shapes with several
 * unknown axes, two of which something else needs the first, and function bodies, but for the first two rules.
 */
export const mergeReshapes: PurePass = {
  name: 'merge-reshapes',
  apply(model) {
    const shapeOf = inferredShapes(model);
    return repeatUntilUnchanged(() => {
      let changed = false;
      for (const scope of allVersionedGraphs(model)) {
        for (const node of scope.graph.nodes()) if (mergeWithFirst(node, { ...scope, shapeOf })) changed = true;
      }
      return changed;
    });
  },
};

interface Scope extends VersionedGraph {
  readonly shapeOf: ShapeOf;
}

/** Two reshaping nodes, and what goes in and comes out. */
interface Pair {
  readonly first: Node;
  readonly last: Node;
  readonly source: Value;
  readonly result: Value;
}

function mergeWithFirst(last: Node, scope: Scope): boolean {
  const first = last.input(0)?.producer ?? null;
  const source = first?.input(0) ?? null;
  const result = last.output(0);
  if (first === null || source === null || result === null || first.graph !== last.graph) return false;
  if (!isReshaping(last) || !isReshaping(first)) return false;
  const pair = { first, last, source, result };
  if (!cancel(pair, scope) && !skipFirst(pair) && !writeTarget(pair, scope)) return false;
  if (first.outputs.every((value) => value === null || value.isUnused)) first.graph?.remove(first);
  return true;
}

function isReshaping(node: Node): boolean {
  return node.is('Reshape', 'Flatten', 'Squeeze', 'Unsqueeze') && !hasReferences(node);
}

function cancel({ first, last, source, result }: Pair, { shapeOf }: Scope): boolean {
  if (!areInverse(first, last) && !sameShape(shapeOf(source), shapeOf(result))) return false;
  if (redirect(result, source)) {
    last.graph?.remove(last);
    return true;
  }
  // Between an input and an output, both of whose names must stay.
  become(last, { op: 'Identity', inputs: [source] });
  return true;
}

/** Squeeze and Unsqueeze count axes by the larger of both ranks, so equal lists mean equal axes. */
function areInverse(first: Node, last: Node): boolean {
  if (first.op === last.op || ![first, last].every((node) => node.is('Squeeze', 'Unsqueeze'))) return false;
  const [a, b] = [first, last].map((node) => listOf(node, { attribute: 'axes', input: 1, absent: null }));
  return a != null && b != null && a.toSorted(byNumber).join() === b.toSorted(byNumber).join();
}

function byNumber(a: bigint, b: bigint): number {
  return Number(a - b);
}

/** A target without zeros says all about the result, whatever shape comes in. */
function skipFirst({ last, source }: Pair): boolean {
  if (!last.is('Reshape')) return false;
  const target = constantIntegers(last.input(1));
  if (last.int('allowzero', 0) !== 1 && (target === null || target.includes(0n))) return false;
  last.setInput(0, source);
  return true;
}

function writeTarget({ first, last, source, result }: Pair, { graph, opset, inFunction, shapeOf }: Scope): boolean {
  if (inFunction || opset < opsetOfTargetInput || first.output(0)?.onlyUser !== last) return false;
  const target = targetFor(shapeOf(result), shapeOf(source));
  if (target === null) return false;
  const shape = graph.addInitializer(`${result.name}_shape`, Tensor.fromDense(longs(target)));
  become(last, { op: 'Reshape', inputs: [source, shape] });
  return true;
}

/**
 * Reshape's target for a shape, given the shape it starts from: 0 takes an axis over, one -1 is told by the rest. Both
 * in one target would fail on tensors without elements.
 */
function targetFor(shape: Shape, source: Shape): readonly number[] | null {
  if (shape === null) return null;
  const target = shape.map((dim, axis) => {
    if (typeof dim === 'number') return dim === 0 ? null : dim;
    return dim !== null && dim === source?.[axis] ? 0 : -1;
  });
  const lengths = target.filter((length) => length !== null);
  const unknown = lengths.filter((length) => length === -1).length;
  if (lengths.length < target.length || unknown > 1) return null;
  return unknown === 1 && lengths.includes(0) ? null : lengths;
}

function become(node: Node, { op, inputs }: { readonly op: string; readonly inputs: readonly Value[] }): void {
  for (const name of node.attributes.keys()) node.removeAttribute(name);
  node.setOp(op);
  node.setInputs(inputs);
}
