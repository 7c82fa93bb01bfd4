import { attributeOf } from '../attribute.ts';
import type { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import type { Value } from '../value.ts';
import { clipBoundsOf } from './clip-bounds.ts';
import { isClose, scalarOperandOf } from './constant-operation.ts';
import type { ShapeOf } from './inferred-shapes.ts';
import { inferredShapes } from './inferred-shapes.ts';
import { redirect } from './redirect.ts';
import { rewriteNodes } from './rewrite-nodes.ts';

/**
 * A ramp that is spelled out becomes one HardSigmoid, `max(0, min(1, alpha * x + beta))`:
 * - `Clip(x + c, 0, d) / d` becomes `HardSigmoid(x, alpha = 1 / d, beta = c / d)`, with Mul by `1 / d` for Div as well;
 * - `(y * Clip(x + c, 0, d)) / d` becomes `y * HardSigmoid(x)`: the way exporters write hard swish, where y is x;
 * - `Clip(x + c, 0, 1)` needs no division.
 * Where x itself is `v * a` or `v / a`, used nowhere else, a goes into alpha.
 *
 * Runs before `fuse-constant-chain`, which would merge the division with what follows.
 *
 * Left alone: other types than float32, which onnxruntime's kernel does not take; constants that are no scalars; a step
 * that somebody else reads or the graph returns; operator sets before 7; function bodies.
 */
export const fuseHardSigmoid: PurePass = {
  name: 'fuse-hard-sigmoid',
  apply(model) {
    const shapeOf = inferredShapes(model);
    return rewriteNodes(model, (node, graph) => node.is('Clip') && fuse(graph, node, shapeOf));
  },
};

function fuse(graph: Graph, clip: Node, shapeOf: ShapeOf): boolean {
  const bounds = clipBoundsOf(clip);
  const shift = producerIn(graph, clip.input(0));
  const [shifted, clipped] = [shift?.output(0), clip.output(0)];
  if (bounds?.low !== 0 || !(bounds.high > 0 && bounds.high < Infinity)) return false;
  if (!shift?.is('Add') || !shifted || !clipped || shifted.useCount !== 1 || shifted.onlyUser !== clip) return false;
  const line = lineOf(graph, shift, shapeOf);
  if (line === null) return false;
  const { high } = bounds;
  if (high !== 1 && !dropDivision(graph, clipped, { high, shapeOf })) return false;
  clip.setInputs([line.input]);
  for (const name of ['min', 'max']) clip.removeAttribute(name);
  clip.setAttribute(attributeOf.float('alpha', line.slope / high));
  clip.setAttribute(attributeOf.float('beta', line.start / high));
  clip.setOp('HardSigmoid');
  for (const node of line.nodes) graph.remove(node);
  return true;
}

interface Line {
  readonly input: Value;
  readonly slope: number;
  readonly start: number;
  /** Nodes that compute it, readers first. */
  readonly nodes: readonly Node[];
}

/** What an Add makes, as `slope * input + start`. */
function lineOf(graph: Graph, shift: Node, shapeOf: ShapeOf): Line | null {
  const input = shift.inputs.find((value) => value !== null && scalarOperandOf(shift, value, shapeOf) !== null);
  const start = input ? scalarOperandOf(shift, input, shapeOf) : null;
  if (!input || start === null) return null;
  const plain = { input, slope: 1, start, nodes: [shift] };
  const scale = producerIn(graph, input);
  const factor =
    scale?.is('Mul', 'Div') && input.useCount === 1 && input.onlyUser === shift ? factorOf(scale, shapeOf) : null;
  return scale === null || factor === null ? plain : { ...factor, start, nodes: [shift, scale] };
}

/** Takes the division by the ramp's height away, behind it or behind a product with it. Tells whether there was one. */
function dropDivision(
  graph: Graph,
  clipped: Value,
  ramp: { readonly high: number; readonly shapeOf: ShapeOf },
): boolean {
  const next = clipped.onlyUser;
  if (next === null || next.graph !== graph || clipped.useCount !== 1) return false;
  if (isDivision(next, clipped, ramp)) return dropBehind(next, clipped);
  const product = next.is('Mul') ? next.output(0) : null;
  const last = product?.onlyUser;
  if (!product || !last || last.graph !== graph || !isDivision(last, product, ramp)) return false;
  return dropBehind(last, product);
}

function isDivision(
  node: Node,
  input: Value,
  { high, shapeOf }: { readonly high: number; readonly shapeOf: ShapeOf },
): boolean {
  const factor = factorOf(node, shapeOf);
  return factor?.input === input && isClose(factor.slope * high, 1);
}

function dropBehind(node: Node, value: Value): boolean {
  const output = node.output(0);
  if (output === null || !redirect(output, value)) return false;
  node.graph?.remove(node);
  return true;
}

/** What a Mul or Div by a scalar reads, and the factor it applies. */
function factorOf(node: Node, shapeOf: ShapeOf): { readonly input: Value; readonly slope: number } | null {
  const [first, second] = node.inputs;
  if (!first || !second || !node.is('Mul', 'Div')) return null;
  const right = scalarOperandOf(node, first, shapeOf);
  if (right !== null) return { input: first, slope: node.is('Div') ? 1 / right : right };
  const left = node.is('Mul') ? scalarOperandOf(node, second, shapeOf) : null;
  return left === null ? null : { input: second, slope: left };
}

function producerIn(graph: Graph, value: Value | null): Node | null {
  return value?.producer?.graph === graph ? value.producer : null;
}
