import { isFloatType } from '../../../onnx/data-type.ts';
import type { Value } from '../../../onnx/value.ts';
import type { GroupRule } from '../group-rule.ts';
import type { NodeTies } from '../node-ties.ts';

/** Axes of an operand: the one that is summed over and the one that the result keeps; -1 for a vector's. */
interface Operand {
  readonly index: 0 | 1;
  readonly sum: number;
  readonly kept: number;
}

/** The last axis of the left operand is summed over with the last but one of the right. */
export const matrixProduct: GroupRule = (ties) => {
  const isTransposed = (name: string) => ties.node.int(name, 0) !== 0;
  if (isTransposed('transBatchA') || isTransposed('transBatchB')) {
    for (const value of [...ties.node.inputs, ...ties.node.outputs]) ties.lockAll(value, 'unknown-operator');
    return;
  }
  const left = operandOf(ties, 0, isTransposed('transA'));
  const right = operandOf(ties, 1, isTransposed('transB'));
  const y = ties.output(0);
  const last = ties.rank(y) - 1;
  if (right.kept >= 0) ties.tie([ties.input(1), right.kept], [y, last]);
  if (left.kept >= 0) ties.tie([ties.input(0), left.kept], [y, right.kept >= 0 ? last - 1 : last]);
  const matrixAxes = Math.min(left.kept, 0) + Math.min(right.kept, 0) + 2;
  for (const { index } of [left, right]) tieBatch(ties, ties.input(index), ties.rank(y) - matrixAxes);
  tieSum(ties, left, right);
};

function operandOf(ties: NodeTies, index: 0 | 1, isTransposed: boolean): Operand {
  const rank = ties.rank(ties.input(index));
  if (rank < 2) return { index, sum: 0, kept: -1 };
  const isLastSummed = (index === 0) !== isTransposed;
  return isLastSummed ? { index, sum: rank - 1, kept: rank - 2 } : { index, sum: rank - 2, kept: rank - 1 };
}

/** Axes in front of a matrix are those in front of the result's, aligned at their end. */
function tieBatch(ties: NodeTies, value: Value | null, outputAxes: number): void {
  const own = ties.rank(value) - 2;
  for (let axis = 0; axis < own; axis++)
    if (ties.length([value, axis]) > 1) ties.tie([value, axis], [ties.output(0), outputAxes - own + axis]);
}

/** A matrix, a vector or a constant as the second operand, an optional third to be added. */
export const generalProduct: GroupRule = (ties) => {
  const [y, added] = [ties.output(0), ties.input(2)];
  const left = operandOf(ties, 0, ties.node.int('transA', 0) !== 0);
  const right = operandOf(ties, 1, ties.node.int('transB', 0) !== 0);
  ties.tie([ties.input(0), left.kept], [y, 0]);
  ties.tie([ties.input(1), right.kept], [y, 1]);
  ties.broadcast(added, y);
  tieSum(ties, left, right);
};

function tieSum(ties: NodeTies, left: Operand, right: Operand): void {
  ties.tie([ties.input(0), left.sum], [ties.input(1), right.sum]);
  const constants = [left, right].filter(({ index }) => (ties.input(index)?.constant ?? null) !== null);
  for (const operand of constants) noteWeight(ties, operand);
  if (constants.length > 0) return;
  ties.contraction(0, left.sum);
  // What is multiplied matrix by matrix is computed head by head.
  if (ties.rank(ties.input(0)) < 3 || ties.rank(ties.input(1)) < 3) return;
  const y = ties.output(0);
  for (let axis = 0; axis < ties.rank(y) - 2; axis++) ties.mark([y, axis], 'heads');
}

/** Constants of more axes than two would be a weight for each head: nobody exports them, and nobody could refit them. */
function noteWeight(ties: NodeTies, { index, sum, kept }: Operand): void {
  const value = ties.input(index);
  const isFloat = value?.constant !== undefined && value.constant !== null && isFloatType(value.constant.type);
  if (!isFloat || ties.rank(value) !== 2) {
    ties.lockAxes(value, [sum, kept], isFloat ? 'unknown-operator' : 'weight-type');
    return;
  }
  ties.weight('consumer', index, sum);
  ties.weight('producer', index, kept);
}
