import { elementCount } from '../../../onnx/dense-tensor.ts';
import type { Expr } from '../../expressions/expr.ts';
import { frontAxis } from '../../expressions/expr.ts';
import type { Expressions } from '../../expressions/expressions.ts';
import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';
import { positive, scatterAdd, scatterElements } from './scatter-add.ts';

/** Operators that choose elements by indices or conditions, which themselves have no gradient. */
export const indexingRules: GradientRules = new Map([
  ['Where', rule(whereBack)],
  ['Gather', rule(gatherBack)],
  ['GatherElements', rule(gatherElementsBack)],
  ['GatherND', rule(gatherNdBack)],
  ['ScatterElements', rule(scatterElementsBack, scatterProblem)],
  ['ScatterND', rule(scatterNdBack, scatterProblem)],
  ['Trilu', rule(triluBack)],
]);

function whereBack(view: NodeGradient): void {
  const { e } = view;
  const condition = view.input(0);
  const chosen = (isFirst: boolean): Expr => {
    const [dy, none] = [view.gradient(), e.scalarLike(view.output(0), 0)];
    return isFirst ? e.where(condition, dy, none) : e.where(condition, none, dy);
  };
  view.give(1, () => e.unbroadcast(chosen(true), view.input(1).dims));
  view.give(2, () => e.unbroadcast(chosen(false), view.input(2).dims));
}

/** What was read several times gets the sum. */
function gatherBack(view: NodeGradient): void {
  const { e } = view;
  const { dims } = view.input(0);
  const axis = frontAxis(view.node.int('axis', 0), dims.length);
  view.give(0, () => {
    const run = runOf(view.constant(1), dims[axis] ?? 1);
    if (run !== null) return padded(e, view.gradient(), { dims, axis, run });
    const count = elementCount(view.input(1).dims);
    const indices = e.reshape(view.input(1), [1, count]);
    const [outer, inner] = [elementCount(dims.slice(0, axis)), elementCount(dims.slice(axis + 1))];
    const updates = e.reshape(view.gradient(), [outer, count, inner]);
    return e.reshape(scatterAdd(e, { updates, indices, length: dims[axis] ?? 1 }), dims);
  });
}

/** Indices that follow one upon the other: a gather of them is a slice. */
interface Run {
  readonly start: number;
  readonly length: number;
}

function runOf(indices: readonly number[] | null, length: number): Run | null {
  const places = indices?.map((index) => frontAxis(index, length)) ?? [];
  const [start] = places;
  const isRun = start !== undefined && places.every((place, index) => place === start + index);
  return isRun ? { start, length: places.length } : null;
}

interface Placement {
  readonly dims: readonly number[];
  readonly axis: number;
  readonly run: Run;
}

function padded(e: Expressions, gradient: Expr, { dims, axis, run }: Placement): Expr {
  const none = dims.map(() => 0);
  const after = (dims[axis] ?? 0) - run.start - run.length;
  return e.pad(e.reshape(gradient, dims.with(axis, run.length)), none.with(axis, run.start), none.with(axis, after));
}

function gatherElementsBack(view: NodeGradient): void {
  const { dims } = view.input(0);
  const axis = frontAxis(view.node.int('axis', 0), dims.length);
  const [indices, updates] = [view.input(1), view.gradient()];
  view.give(0, () => scatterElements(view.e, { indices, updates, dims, axis }));
}

/** The axes that indices point into become one. */
function gatherNdBack(view: NodeGradient): void {
  const { e } = view;
  const [{ dims }, indices] = [view.input(0), view.input(1)];
  const batchAxes = view.node.int('batch_dims', 0);
  const depth = indices.dims.at(-1) ?? 1;
  const lengths = dims.slice(batchAxes, batchAxes + depth);
  const outer = elementCount(dims.slice(0, batchAxes));
  const inner = elementCount(dims.slice(batchAxes + depth));
  view.give(0, () => {
    const places = flatIndices(e, indices, lengths);
    const count = elementCount(places.dims) / outer;
    const updates = e.reshape(view.gradient(), [outer, count, inner]);
    const rows = e.reshape(places, [outer, count]);
    return e.reshape(scatterAdd(e, { updates, indices: rows, length: elementCount(lengths) }), dims);
  });
}

/** Points of several axes as positions in row-major order: [.., axes] to [..]. */
function flatIndices(e: Expressions, indices: Expr, lengths: readonly number[]): Expr {
  const places = indices.dims.slice(0, -1);
  return lengths
    .map((length, axis) => {
      const along = e.reshape(e.slice(indices, { axis: -1, start: axis, end: axis + 1 }), places);
      return e.mul(positive(e, along, length), elementCount(lengths.slice(axis + 1)));
    })
    .reduce((sum, part) => e.add(sum, part));
}

function scatterProblem(view: NodeGradient): string | null {
  const reduction = view.node.string('reduction', 'none');
  return ['none', 'add'].includes(reduction) ? null : `its reduction '${reduction}' has no gradient rule`;
}

/** What an update replaces has no influence; what it is added to keeps its own. */
function scatterElementsBack(view: NodeGradient): void {
  const { e, node } = view;
  const [indices, updates, dy] = [view.input(1), view.input(2), view.gradient()];
  const attributes = { axis: node.int('axis', 0) };
  const isAdded = node.string('reduction', 'none') === 'add';
  const none = (): Expr => e.expand(e.scalarLike(dy, 0), updates.dims);
  view.give(0, () => (isAdded ? dy : e.op('ScatterElements', [dy, indices, none()], { ...dy, attributes })));
  view.give(2, () => e.op('GatherElements', [dy, indices], { ...updates, attributes }));
}

function scatterNdBack(view: NodeGradient): void {
  const { e, node } = view;
  const [indices, updates, dy] = [view.input(1), view.input(2), view.gradient()];
  const isAdded = node.string('reduction', 'none') === 'add';
  const none = (): Expr => e.expand(e.scalarLike(dy, 0), updates.dims);
  view.give(0, () => (isAdded ? dy : e.op('ScatterND', [dy, indices, none()], dy)));
  view.give(2, () => e.op('GatherND', [dy, indices], updates));
}

function triluBack(view: NodeGradient): void {
  const { e, node } = view;
  const attributes = { upper: node.int('upper', 1) };
  const dy = view.gradient();
  view.give(0, () => e.op('Trilu', [dy, node.input(1)], { ...dy, attributes }));
}
