import type { Node } from '../../../onnx/node.ts';
import { constantIntegers } from '../../../onnx/passes/constant-of.ts';
import type { Value } from '../../../onnx/value.ts';
import type { GroupRule } from '../group-rule.ts';
import type { NodeTies } from '../node-ties.ts';
import { axesOf, axisFrom, axisOf } from './axes-of.ts';
import { unknown } from './locking.ts';
import { normalize } from './normalization.ts';
import { tieOthers } from './pieces.ts';

/** Sums, means and extremes over some axes. */
export const reduce: GroupRule = (ties) => {
  const x = ties.input(0);
  const rank = ties.rank(x);
  const isNothing = ties.node.int('noop_with_empty_axes', 0) !== 0;
  const all = isNothing ? [] : Array.from({ length: rank }, (_, axis) => axis);
  const given = axesOf(ties, { input: 1, rank, absent: all });
  if (given === null) unknown(ties);
  else reduceOver(ties, given.length === 0 ? all : given);
};

/** The place of an extreme along one axis. */
export const placeOf: GroupRule = (ties) => reduceOver(ties, [axisOf(ties, 0, ties.rank(ties.input(0)))]);

function reduceOver(ties: NodeTies, axes: readonly number[]): void {
  const [x, y] = [ties.input(0), ties.output(0)];
  const keeps = ties.node.int('keepdims', 1) !== 0;
  let to = 0;
  for (let axis = 0; axis < ties.rank(x); axis++) {
    if (!axes.includes(axis)) ties.tie([x, axis], [y, to]);
    if (keeps || !axes.includes(axis)) to++;
  }
  if (axes.length === 1 && axes[0] === ties.rank(x) - 1 && isOfNorm(ties.node)) normalize(ties, axes);
  else ties.lockAxes(x, axes, 'reduced');
}

/** Whether a mean is the center or the mean square of a norm that is written out. */
function isOfNorm(node: Node): boolean {
  const mean = node.is('ReduceMean') && node.int('keepdims', 1) !== 0 ? node.output(0) : null;
  if (mean === null || mean.isOutput || mean.useCount === 0) return false;
  return mean.uses.every(({ node: user, index }) =>
    index === 1 && user.is('Sub') ? user.input(0) === node.input(0) : isSquare(node.input(0)) && leadsToRoot(user),
  );
}

function isSquare(value: Value | null): boolean {
  const producer = value?.producer ?? null;
  return producer?.is('Pow') === true || (producer?.is('Mul') === true && producer.input(0) === producer.input(1));
}

function leadsToRoot(user: Node): boolean {
  if (user.is('Sqrt')) return true;
  return user.is('Add') && user.output(0)?.uses.every(({ node }) => node.is('Sqrt', 'Pow')) === true;
}

/** Before opset 13 everything from `axis` on was one axis. */
export const softmax: GroupRule = (ties) => {
  const x = ties.input(0);
  ties.broadcast(x, ties.output(0));
  const isOne = ties.state.opset >= 13;
  const first = axisOf(ties, isOne ? -1 : 1, ties.rank(x));
  for (let axis = first; axis < (isOne ? first + 1 : ties.rank(x)); axis++) ties.lock([x, axis], 'mixes-units');
};

/** The largest along an axis. */
export const largest: GroupRule = (ties) => {
  const x = ties.input(0);
  const axis = axisOf(ties, -1, ties.rank(x));
  for (const y of ties.node.outputs) if (y !== null) tieOthers(ties, [x, y], axis);
  for (const value of [x, ...ties.node.outputs]) ties.lock([value, axis], 'mixes-units');
};

/** Along an axis, what comes later depends on what came before. */
export const cumulative: GroupRule = (ties) => {
  const [x, y] = [ties.input(0), ties.output(0)];
  const axis = constantIntegers(ties.input(1))?.[0];
  ties.broadcast(x, y);
  if (axis === undefined) ties.lockAll(x, 'mixes-units');
  else ties.lock([x, axisFrom(Number(axis), ties.rank(x))], 'mixes-units');
};

/** A triangle of the last two axes. */
export const triangle: GroupRule = (ties) => {
  const x = ties.input(0);
  ties.broadcast(x, ties.output(0));
  ties.lockAxes(x, [ties.rank(x) - 2, ties.rank(x) - 1], 'mixes-units');
};
