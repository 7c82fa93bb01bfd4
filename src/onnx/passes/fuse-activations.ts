import { attributeOf } from '../attribute.ts';
import type { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import type { ClipBounds } from './clip-bounds.ts';
import { clipBoundsOf, clipInputsOpset, isBound, joinedBounds, sameBounds } from './clip-bounds.ts';
import { roundedTensor } from './float-constant.ts';
import { redirect } from './redirect.ts';
import { rewriteNodes } from './rewrite-nodes.ts';

/** Done twice they do nothing. */
const involutions = ['Neg', 'Not'];
/** Done twice they do the same as once. */
const projections = ['Abs', 'Ceil', 'Floor', 'Round', 'Sign'];

/**
 * Two activations after each other become one:
 * - `Relu`, `Clip` in any order: the one that does what both do, else a Clip with the ends of the first, clipped by the
 *   second (`Clip(Relu(x), -1, 6)` is `Clip(x, 0, 6)`);
 * - `Neg(Neg(x))` and `Not(Not(x))` become `x`;
 * - `Abs`, `Ceil`, `Floor`, `Round` and `Sign` twice become once.
 *
 * Left alone: Clip on integers, with bounds that are not constant, or with `min > max`; where both are needed since
 * somebody else reads the first, or where what remains could not take over the name of an output; operator sets before
 * 7; function bodies.
 */
export const fuseActivations: PurePass = {
  name: 'fuse-activations',
  apply: (model) => rewriteNodes(model, (second, graph) => fuse(graph, { second, opset: model.opset })),
};

interface Pair {
  readonly first: Node;
  readonly second: Node;
  readonly opset: number;
}

function fuse(graph: Graph, { second, opset }: Omit<Pair, 'first'>): boolean {
  const first = second.input(0)?.producer;
  if (!first || first.graph !== graph) return false;
  if (first.is(second.op) && second.is(...involutions)) return undo(first, second);
  if (first.is(second.op) && second.is(...projections)) return replace(second, first.output(0));
  const [inner, outer] = [clipBoundsOf(first), clipBoundsOf(second)];
  return inner !== null && outer !== null && joinClips({ first, second, opset }, inner, outer);
}

function undo(first: Node, second: Node): boolean {
  if (!replace(second, first.input(0))) return false;
  if (first.output(0)?.isUnused === true) first.graph?.remove(first);
  return true;
}

function replace(node: Node, value: Node['outputs'][number]): boolean {
  const output = node.output(0);
  if (output === null || value === null || !redirect(output, value)) return false;
  node.graph?.remove(node);
  return true;
}

function joinClips(pair: Pair, inner: ClipBounds, outer: ClipBounds): boolean {
  const { first, second } = pair;
  const joined = joinedBounds(inner, outer);
  if (sameBounds(joined, inner) && replace(second, first.output(0))) return true;
  if (first.output(0)?.useCount !== 1 || first.output(0)?.onlyUser !== second) return false;
  if (!sameBounds(joined, outer) && !setBounds(pair, joined)) return false;
  second.setInput(0, first.input(0));
  first.graph?.remove(first);
  return true;
}

/** Makes the second node a Clip with other bounds. False, and nothing changed, where their type is not known. */
function setBounds({ second, opset }: Pair, { low, high, type }: ClipBounds): boolean {
  const ends = [
    { name: 'min', index: 1, value: low },
    { name: 'max', index: 2, value: high },
  ].filter(({ value }) => isBound(value));
  if (opset < clipInputsOpset) {
    for (const { name, value } of ends) second.setAttribute(attributeOf.float(name, value));
    second.setOp('Clip');
    return true;
  }
  const tensors = ends.map((end) => ({
    ...end,
    tensor: type && roundedTensor(Float64Array.of(end.value), { type, dims: [] }),
  }));
  if (tensors.some(({ tensor }) => tensor === null)) return false;
  const data = second.input(0);
  second.setInputs([data]);
  for (const { name, index, tensor } of tensors) {
    if (tensor) second.setInput(index, second.graph?.addInitializer(`clip_${name}`, tensor) ?? null);
  }
  second.setOp('Clip');
  return true;
}
