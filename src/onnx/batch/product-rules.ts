import type { BatchRule, BatchView } from './batch-view.ts';

/** A row, a column or a matrix of the stack can be a sample, not what is summed over. */
export const matMul: BatchRule = (view) => {
  const [left, right] = [view.axis(0), view.axis(1)];
  const [leftRank, rightRank] = [view.rank(0), view.rank(1)];
  if (leftRank < 2 || rightRank < 2) return view.refuse('a vector has no axis for samples beside the one summed over');
  const rank = Math.max(leftRank, rightRank);
  const stackOf = (axis: number, own: number) => (axis < own - 2 ? axis + rank - own : null);
  const [leftStack, rightStack] = [stackOf(left ?? leftRank, leftRank), stackOf(right ?? rightRank, rightRank)];
  if (left !== null && right !== null) {
    return leftStack !== null && leftStack === rightStack ? leftStack : view.refuse('it mixes samples');
  }
  if (leftStack !== null) return stacked(view, { stack: leftStack, rank, other: 1 });
  if (rightStack !== null) return stacked(view, { stack: rightStack, rank, other: 0 });
  if (left === leftRank - 2) return rank - 2;
  return right === rightRank - 1 ? rank - 1 : view.refuse('it sums over samples');
};

interface Stack {
  readonly stack: number;
  readonly rank: number;
  /** The input that is the same for all samples. */
  readonly other: number;
}

function stacked(view: BatchView, { stack, rank, other }: Stack): number {
  const shape = view.shape(other);
  const place = stack - rank + shape.length;
  if (place >= 0 && shape[place] !== 1) return view.refuse('its other input is made for one batch size');
  return stack;
}

/** Samples are rows of the first matrix, which may come transposed. */
export const gemm: BatchRule = (view) => {
  const rows = view.node.int('transA', 0) === 0 ? 0 : 1;
  if (view.axis(0) !== rows || view.axis(1) !== null) return view.refuse('samples are not the rows of its result');
  const bias = view.node.input(2);
  if (bias === null) return 0;
  const shape = view.shape(2);
  if (view.axis(2) === null) {
    return shape.length < 2 || shape[0] === 1 ? 0 : view.refuse('its third input is made for one batch size');
  }
  return shape.length === 2 && view.axis(2) === 0 ? 0 : view.refuse('its third input holds samples along another axis');
};

/** Samples are along axis 1, or 0 with `layout`; states that are given must be one for each sample. */
export const recurrent: BatchRule = (view) => {
  const isBatchFirst = view.node.int('layout', 0) === 1;
  const axis = isBatchFirst ? 0 : 1;
  const states = [5, 6].filter((index) => view.node.input(index) !== null);
  if (view.axis(0) !== axis || states.some((index) => view.axis(index) !== axis)) {
    return view.refuse('its initial state is made for one batch size');
  }
  if ([1, 2, 3, 7].some((index) => view.axis(index) !== null)) return view.refuse('its weights depend on the batch');
  if (view.node.input(4) !== null && view.axis(4) !== 0) return view.refuse('its lengths are made for one batch size');
  return isBatchFirst ? 0 : [2, 1, 1];
};

export const matMulInteger: BatchRule = (view) =>
  view.axis(2) === null && view.axis(3) === null ? matMul(view) : view.refuse('its zero points depend on the batch');
