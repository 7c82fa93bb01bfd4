import { constantIntegers } from '../../../onnx/passes/constant-of.ts';
import type { GroupRule } from '../group-rule.ts';
import type { NodeTies } from '../node-ties.ts';
import { tieLengths } from '../tie-lengths.ts';
import { tieReshape } from '../tie-reshape.ts';
import { unknown } from './locking.ts';

export const reshape: GroupRule = (ties) => {
  const [x, shape, y] = [ties.input(0), ties.input(1), ties.output(0)];
  tieReshape(ties, x, y);
  const copied = ties.node.int('allowzero', 0) === 0 ? x : null;
  if (shape !== null) tieLengths(ties, shape, { output: y, axes: countTo(ties.rank(y)), copied });
  else noteAttribute(ties);
};

/** Before opset 5 the shape was an attribute. */
function noteAttribute(ties: NodeTies): void {
  const y = ties.output(0);
  const entries = ties.node.ints('shape') ?? [];
  for (const [index, amount] of entries.entries()) {
    const count = ties.length([y, index]);
    if (amount === 0) ties.tie([ties.input(0), index], [y, index]);
    else if (amount === count)
      ties.rewrite([y, index], (of) => {
        return { kind: 'attribute', node: ties.node.name, attribute: 'shape', index, of, from: 0, count, each: 1 };
      });
  }
}

/** Axes that are there already keep their indices; those that are repeated are of positions. */
export const expand: GroupRule = (ties) => {
  const [x, shape, y] = [ties.input(0), ties.input(1), ties.output(0)];
  ties.broadcast(x, y);
  lockNew(ties);
  const entries = ties.length([shape, 0]);
  const shift = ties.rank(y) - entries;
  tieLengths(ties, shape, { output: y, axes: countTo(entries).map((axis) => axis + shift), copied: null });
};

/** Locks axes of the output that the input has not. */
function lockNew(ties: NodeTies): void {
  const [x, y] = [ties.input(0), ties.output(0)];
  const shift = ties.rank(y) - ties.rank(x);
  for (let axis = 0; axis < ties.rank(y); axis++)
    if (axis < shift || ties.length([x, axis - shift]) === 1) ties.lock([y, axis], 'not-a-channel');
}

export const tile: GroupRule = (ties) => {
  const [x, y] = [ties.input(0), ties.output(0)];
  if (constantIntegers(ties.input(1)) === null) unknown(ties);
  else {
    for (let axis = 0; axis < ties.rank(x); axis++) {
      const length = ties.length([x, axis]);
      if (length > 1) ties.tieBy([y, axis], [x, axis], (index) => index % length);
    }
    lockNew(ties);
  }
};

export const filled: GroupRule = (ties) => {
  const [shape, y] = [ties.input(0), ties.output(0)];
  tieLengths(ties, shape, { output: y, axes: countTo(ties.rank(y)), copied: null });
};

/** A Shape tells lengths; who may read them is decided where they are read. */
export const told: GroupRule = () => undefined;

function countTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
