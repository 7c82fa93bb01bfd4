import { constantIntegers, constantOf, listOf } from '../../../onnx/passes/constant-of.ts';
import { bigintsOf } from '../../../onnx/tensor-types/bigints-of.ts';
import type { Value } from '../../../onnx/value.ts';
import type { GroupRule } from '../group-rule.ts';
import type { NodeTies } from '../node-ties.ts';
import { axesOf, axisFrom, axisOf } from './axes-of.ts';
import { lockNode } from './locking.ts';

/** All axes but one are the same on both sides. */
export function tieOthers(ties: NodeTies, [x, y]: readonly [Value | null, Value | null], but: number): void {
  for (let axis = 0; axis < ties.rank(x); axis++) if (axis !== but) ties.tie([x, axis], [y, axis]);
}

export const concat: GroupRule = (ties) => {
  const y = ties.output(0);
  const axis = axisOf(ties, 1, ties.rank(y));
  let offset = 0;
  for (const x of ties.node.inputs) {
    const count = ties.length([x, axis]);
    tieOthers(ties, [x, y], axis);
    ties.tieRange([x, axis], [y, axis], { from: 0, to: offset, count });
    offset += count;
  }
};

export const split: GroupRule = (ties) => {
  const x = ties.input(0);
  const axis = axisOf(ties, 0, ties.rank(x));
  const sizes = sizesOf(ties, ties.length([x, axis]));
  if (sizes === null) {
    ties.lock([x, axis], 'computed-shape');
    for (const y of ties.node.outputs) ties.lock([y, axis], 'computed-shape');
  }
  let from = 0;
  for (const [index, y] of ties.node.outputs.entries()) {
    const count = sizes?.[index] ?? 0;
    if (y !== null) tieOthers(ties, [x, y], axis);
    if (y !== null && sizes !== null) ties.tieRange([x, axis], [y, axis], { from, to: 0, count });
    from += count;
  }
  if (sizes !== null) ties.rewrite([x, axis], (of) => ({ kind: 'split', node: ties.node.name, sizes, of }));
};

/** Equal pieces without sizes, the last one what is left; null where the sizes are computed. */
function sizesOf(ties: NodeTies, length: number): readonly number[] | null {
  const sizes = listOf(ties.node, { attribute: 'split', input: 1, absent: undefined });
  if (sizes !== undefined) return sizes && sizes.map(Number);
  const count = ties.node.outputs.length;
  const each = Math.ceil(length / count);
  return Array.from({ length: count }, (_, index) => Math.max(0, Math.min(each, length - index * each)));
}

export const slice: GroupRule = (ties) => {
  const [x, y] = [ties.input(0), ties.output(0)];
  const rank = ties.rank(x);
  const axes = axesOf(ties, { input: 3, rank, absent: Array.from({ length: rank }, (_, axis) => axis) });
  if (axes === null) {
    lockNode(ties, 'computed-shape');
    return;
  }
  const bounds = [listAt(ties, 'starts', 1), listAt(ties, 'ends', 2), listAt(ties, 'steps', 4)] as const;
  for (let axis = 0; axis < rank; axis++) if (!axes.includes(axis)) ties.tie([x, axis], [y, axis]);
  for (const [index, axis] of axes.entries()) tieSlice(ties, { axis, index, bounds });
};

type Bounds = readonly (readonly number[] | null)[];

/** Empty where it is not given, null where it is computed. */
function listAt(ties: NodeTies, attribute: string, input: number): readonly number[] | null {
  const list = listOf(ties.node, { attribute, input, absent: [] });
  return list && list.map(Number);
}

function tieSlice(
  ties: NodeTies,
  { axis, index, bounds }: { readonly axis: number; readonly index: number; readonly bounds: Bounds },
): void {
  const [x, y] = [ties.input(0), ties.output(0)];
  const [starts, ends, steps] = bounds;
  const length = ties.length([x, axis]);
  const [first, last] = [starts?.[index], ends?.[index]];
  if (first === undefined || last === undefined || !steps || (steps[index] ?? 1) !== 1) {
    for (const value of [x, y]) ties.lock([value, axis], first === undefined ? 'computed-shape' : 'not-a-channel');
    return;
  }
  const [start, end] = [boundOf(first, length), boundOf(last, length)];
  ties.tieRange([x, axis], [y, axis], { from: start, to: 0, count: Math.max(0, end - start) });
  if (start > 0 || end < length)
    ties.rewrite([x, axis], (of) => ({ kind: 'slice', node: ties.node.name, index, start, end, of }));
}

function boundOf(bound: number, length: number): number {
  return Math.min(length, Math.max(0, bound < 0 ? bound + length : bound));
}

export const gather: GroupRule = (ties) => {
  const [x, indices, y] = [ties.input(0), ties.input(1), ties.output(0)];
  const axis = axisOf(ties, 0, ties.rank(x));
  const added = ties.rank(indices);
  for (let at = 0; at < ties.rank(x); at++) if (at !== axis) ties.tie([x, at], [y, at < axis ? at : at + added - 1]);
  const constant = constantOf(indices);
  if (constant !== null && added < 2 && constant.type !== 'string') {
    const length = ties.length([x, axis]);
    const picked = Array.from(bigintsOf(constant), (index) => axisFrom(Number(index), length));
    ties.tieBy(added === 0 ? [null, 0] : [y, axis], [x, axis], (index) => picked[index] ?? -1);
    ties.rewrite([x, axis], (of) => ({ kind: 'gather', node: ties.node.name, indices: picked, of }));
    return;
  }
  for (let at = 0; at < added; at++) ties.tie([indices, at], [y, axis + at]);
  lookUp(ties, axis);
};

/** Which rows are read is known when it runs: they stay. What a row of a table of weights holds is a residual stream. */
function lookUp(ties: NodeTies, axis: number): void {
  const table = ties.input(0);
  const isTable = table?.constant !== undefined && table.constant !== null && ties.rank(table) === 2 && axis === 0;
  ties.lock([table, axis], isTable ? 'vocabulary' : 'not-a-channel');
  if (!isTable) return;
  ties.weight('producer', 0, 1);
  ties.mark([table, 1], 'width');
  if (!ties.state.width) ties.lock([table, 1], 'width-not-asked');
}

/** Constants filled in are no units, the rest is. */
export const pad: GroupRule = (ties) => {
  const [x, y] = [ties.input(0), ties.output(0)];
  const rank = ties.rank(x);
  const axes = axesOf(ties, { input: 3, rank, absent: Array.from({ length: rank }, (_, axis) => axis) });
  const amounts = ties.input(1) === null ? (ties.node.ints('pads') ?? null) : constantIntegers(ties.input(1));
  if (axes === null) {
    lockNode(ties, 'computed-shape');
    return;
  }
  for (let axis = 0; axis < rank; axis++) if (!axes.includes(axis)) ties.tie([x, axis], [y, axis]);
  for (const [index, axis] of axes.entries()) {
    const [begin, end] = [index, index + axes.length].map((at) => Number(amounts?.[at] ?? Number.NaN));
    tiePadded(ties, axis, { begin: begin ?? Number.NaN, end: end ?? Number.NaN });
  }
};

function tiePadded(
  ties: NodeTies,
  axis: number,
  { begin, end }: { readonly begin: number; readonly end: number },
): void {
  const [x, y] = [ties.input(0), ties.output(0)];
  const count = ties.length([x, axis]);
  const isAdded = ties.node.string('mode', 'constant') === 'constant' && begin >= 0 && end >= 0;
  if (isAdded || (begin === 0 && end === 0)) {
    ties.tieRange([x, axis], [y, axis], { from: 0, to: begin, count });
    for (let at = 0; at < ties.length([y, axis]); at++)
      if (at < begin || at >= begin + count) ties.lockIndex([y, axis], at, 'not-a-channel');
  } else for (const value of [x, y]) ties.lock([value, axis], 'not-a-channel');
}
