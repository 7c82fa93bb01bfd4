import type { Value } from '../../../onnx/value.ts';
import type { GroupRule } from '../group-rule.ts';
import type { NodeTies } from '../node-ties.ts';
import { tieReshape } from '../tie-reshape.ts';
import { axesOf } from './axes-of.ts';
import { unknown } from './locking.ts';

export const transpose: GroupRule = (ties) => {
  const rank = ties.rank(ties.input(0));
  const order = ties.node.ints('perm') ?? Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
  for (const [to, from] of order.entries()) ties.tie([ties.input(0), from], [ties.output(0), to]);
};

/** Whatever is squeezed or inserted is of length 1: the other axes come in the same order. */
export const squeeze: GroupRule = (ties) => {
  const x = ties.input(0);
  const ones = axesOf(ties, { input: 1, rank: ties.rank(x), absent: 'all' });
  if (ones === null) unknown(ties);
  else {
    const isOne = (axis: number) => (ones === 'all' ? ties.length([x, axis]) === 1 : ones.includes(axis));
    tieInOrder(ties, { longer: x, shorter: ties.output(0), isOne });
  }
};

export const unsqueeze: GroupRule = (ties) => {
  const y = ties.output(0);
  const ones = axesOf(ties, { input: 1, rank: ties.rank(y), absent: null });
  if (ones === null) unknown(ties);
  else tieInOrder(ties, { longer: y, shorter: ties.input(0), isOne: (axis) => ones.includes(axis) });
};

function tieInOrder(
  ties: NodeTies,
  values: { readonly longer: Value | null; readonly shorter: Value | null; readonly isOne: (axis: number) => boolean },
): void {
  let to = 0;
  for (let axis = 0; axis < ties.rank(values.longer); axis++)
    if (!values.isOne(axis)) ties.tie([values.longer, axis], [values.shorter, to++]);
}

export const flatten: GroupRule = (ties) => tieReshape(ties, ties.input(0), ties.output(0));
