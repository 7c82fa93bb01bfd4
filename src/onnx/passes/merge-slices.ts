import { attributeOf } from '../attribute.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { Tensor } from '../tensor.ts';
import { allVersionedGraphs, type VersionedGraph } from '../traverse.ts';
import { hasReferences, listOf } from './constant-of.ts';
import { inferredShapes, type ShapeOf } from './inferred-shapes.ts';
import { repeatUntilUnchanged } from './repeat-until-unchanged.ts';

/** From here on Slice takes its lists as inputs. */
const opsetOfListInputs = 10;

const int64Max = 2n ** 63n - 1n;

/**
 * Merges a Slice into the one it reads, in every graph but function bodies, when all lists are constant, nothing else
 * reads the first, and each axis is cut by one of them only, or by both with steps of 1 counted from the front.
 *
 * Left alone: an axis cut twice with other steps or counted from the end, negative axes of unknown rank, and slices of
 * a Concat.
 */
export const mergeSlices: PurePass = {
  name: 'merge-slices',
  apply(model) {
    const shapeOf = inferredShapes(model);
    return repeatUntilUnchanged(() => {
      let changed = false;
      for (const scope of allVersionedGraphs(model)) {
        if (scope.inFunction) continue;
        for (const node of scope.graph.nodes()) if (mergeWithFirst(node, { ...scope, shapeOf })) changed = true;
      }
      return changed;
    });
  },
};

interface Scope extends VersionedGraph {
  readonly shapeOf: ShapeOf;
}

/** What a Slice keeps of an axis. */
interface Cut {
  readonly start: bigint;
  readonly end: bigint;
  readonly step: bigint;
}

type Cuts = ReadonlyMap<number, Cut>;

function mergeWithFirst(last: Node, scope: Scope): boolean {
  const first = last.input(0)?.producer ?? null;
  if (first === null || first.graph !== last.graph || first.output(0)?.onlyUser !== last) return false;
  if (!isSlice(last) || !isSlice(first)) return false;
  const rank = scope.shapeOf(first.input(0))?.length ?? null;
  const cuts = merged(cutsOf(first, rank), cutsOf(last, rank));
  if (cuts === null || first.input(0) === null) return false;
  write(last, cuts, scope);
  last.setInput(0, first.input(0));
  first.graph?.remove(first);
  return true;
}

function isSlice(node: Node): boolean {
  return node.is('Slice') && !hasReferences(node);
}

/** Null when a list is not constant, lists do not match, or an axis is counted from the end of an unknown rank. */
function cutsOf(node: Node, rank: number | null): Cuts | null {
  const starts = listOf(node, { attribute: 'starts', input: 1, absent: null });
  const ends = listOf(node, { attribute: 'ends', input: 2, absent: null });
  if (starts === null || ends === null || starts.length !== ends.length) return null;
  const axes = listOf(node, { attribute: 'axes', input: 3, absent: starts.map((_, index) => BigInt(index)) });
  const steps = listOf(node, { attribute: 'steps', input: 4, absent: starts.map(() => 1n) });
  if (axes?.length !== starts.length || steps?.length !== starts.length) return null;
  const cuts = new Map<number, Cut>();
  for (const [index, axis] of axes.entries()) {
    if (axis < 0n && rank === null) return null;
    const key = Number(axis < 0n ? axis + BigInt(rank ?? 0) : axis);
    cuts.set(key, { start: starts[index] ?? 0n, end: ends[index] ?? 0n, step: steps[index] ?? 1n });
  }
  return cuts.size === axes.length ? cuts : null;
}

function merged(first: Cuts | null, last: Cuts | null): Cuts | null {
  if (first === null || last === null) return null;
  const cuts = new Map(first);
  for (const [axis, cut] of last) {
    const before = first.get(axis);
    const both = before === undefined ? cut : cutTwice(before, cut);
    if (both === null) return null;
    cuts.set(axis, both);
  }
  return cuts;
}

/** x[a:b][c:d] is x[a + c : min(b, a + d)] as long as all count from the front. */
function cutTwice(first: Cut, last: Cut): Cut | null {
  if ([first, last].some(({ start, end, step }) => start < 0n || end < 0n || step !== 1n)) return null;
  return { start: least(first.start + last.start, int64Max), end: least(first.end, first.start + last.end), step: 1n };
}

function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function write(node: Node, cuts: Cuts, { graph, opset }: Scope): void {
  const lists = {
    starts: Array.from(cuts.values(), ({ start }) => start),
    ends: Array.from(cuts.values(), ({ end }) => end),
    axes: Array.from(cuts.keys(), BigInt),
    steps: Array.from(cuts.values(), ({ step }) => step),
  };
  const base = node.output(0)?.name ?? 'slice';
  for (const [index, [name, list]] of Object.entries(lists).entries()) {
    if (opset >= opsetOfListInputs) {
      const tensor = Tensor.fromDense({ type: 'int64', dims: [list.length], data: BigInt64Array.from(list) });
      node.setInput(index + 1, graph.addInitializer(`${base}_${name}`, tensor));
    } else if (name !== 'steps') {
      node.setAttribute(attributeOf.ints(name, list));
    }
  }
}
