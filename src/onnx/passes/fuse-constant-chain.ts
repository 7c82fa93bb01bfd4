import type { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import type { Tensor } from '../tensor.ts';
import { combineConstants } from './combine-constants.ts';
import { constantOperationOf } from './constant-operation.ts';
import { keepsPrecision, roundedTensor } from './float-constant.ts';
import { setConstant } from './fold-affine.ts';
import { rewriteNodes } from './rewrite-nodes.ts';

/** A sum may be this much smaller than its terms: more, and they cancel, and rounding errors come to the fore. */
const leastSum = 0.5;

/**
 * `(x * a) * b` with constants becomes `x * (a * b)`, with Div by a constant as Mul by its inverse; `(x + a) + b`
 * becomes `x + (a + b)`, with Sub of a constant as Add of its negative. Constants are combined in doubles and rounded
 * once.
 *
 * Runs after the passes that look for such chains (`fuse-hard-sigmoid`, `fuse-gelu`, `fuse-layer-normalization`).
 *
 * Left alone: integers, whose divisions round and whose products wrap; `a / x` and `a - x`; terms that cancel each other
 * (`x + 1e9 - 1e9`), products that overflow or lose bits, division by zero; constants that would be larger together
 * than the larger one is; a first step that somebody else reads or the graph returns; operator sets before 7; function
 * bodies.
 */
export const fuseConstantChain: PurePass = {
  name: 'fuse-constant-chain',
  apply: (model) => rewriteNodes(model, (node, graph) => fuse(graph, node)),
};

function fuse(graph: Graph, second: Node): boolean {
  const op = second.is('Mul', 'Div') ? 'Mul' : 'Add';
  const kin = op === 'Mul' ? ['Mul', 'Div'] : ['Add', 'Sub'];
  if (!second.is(...kin)) return false;
  const outer = constantOperationOf(second);
  const first = outer?.input.producer;
  if (outer === null || !first?.is(...kin) || first.graph !== graph || outer.input.useCount !== 1) return false;
  if (outer.input.onlyUser !== second) return false;
  const inner = constantOperationOf(first);
  if (inner === null || isReversed(first, inner.constantIndex) || isReversed(second, outer.constantIndex)) return false;
  if (inner.constant.type !== outer.constant.type) return false;
  const combined = combine(op, { left: inner.constant, right: outer.constant, ops: [first.op, second.op] });
  if (combined === null) return false;
  second.setInput(1 - outer.constantIndex, inner.input);
  setConstant(second, outer.constantIndex, combined);
  second.setOp(op);
  graph.remove(first);
  return true;
}

/** `a / x` or `a - x`. */
function isReversed(node: Node, constantIndex: number): boolean {
  return node.is('Div', 'Sub') && constantIndex === 0;
}

interface Terms {
  readonly left: Tensor;
  readonly right: Tensor;
  readonly ops: readonly [string, string];
}

function combine(op: 'Mul' | 'Add', { left, right, ops }: Terms): Tensor | null {
  const join = op === 'Mul' ? product : sum;
  const merged = combineConstants(left, right, (x, y) => join(plainTerm(ops[0], x), plainTerm(ops[1], y)));
  if (merged === null) return null;
  if (op === 'Mul' && !merged.values.every((value) => keepsPrecision(left.type, Math.abs(value)))) return null;
  return roundedTensor(merged.values, { type: left.type, dims: merged.dims });
}

function plainTerm(op: string, value: number): number {
  if (op === 'Div') return 1 / value;
  return op === 'Sub' ? -value : value;
}

/** NaN, which no constant may be, where a product of numbers that are not zero vanishes. */
function product(left: number, right: number): number {
  const value = left * right;
  return value === 0 && left !== 0 && right !== 0 ? NaN : value;
}

/** NaN, which no constant may be, where the terms cancel. */
function sum(left: number, right: number): number {
  const value = left + right;
  return Math.abs(value) >= leastSum * Math.max(Math.abs(left), Math.abs(right)) ? value : NaN;
}
