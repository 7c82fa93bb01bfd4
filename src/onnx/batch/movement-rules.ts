import type { BatchRule, BatchView } from './batch-view.ts';
import { fromFront } from './batch-view.ts';

export const transpose: BatchRule = (view) => {
  const axis = view.onlyAxis();
  const rank = view.rank(0);
  const order = view.node.ints('perm') ?? Array.from({ length: rank }, (_, index) => rank - 1 - index);
  return order.indexOf(axis);
};

/** Inputs are set end to end along another axis than that of the samples, which all have. */
export const concat: BatchRule = (view) => {
  const axes = view.node.inputs.map((_, index) => view.axis(index));
  const [axis = null] = axes;
  if (axis === null || axes.some((other) => other !== axis)) {
    return view.refuse('some of its inputs are made for one batch size');
  }
  return fromFront(view.node.int('axis', 1), view.rank(0)) === axis ? view.refuse('it mixes samples') : axis;
};

export const split: BatchRule = (view) => {
  const axis = view.onlyAxis();
  return fromFront(view.node.int('axis', 0), view.rank(0)) === axis ? view.refuse('it takes samples apart') : axis;
};

/** All samples are kept: the axis is not named, or taken whole. */
export const slice: BatchRule = (view) => {
  const axis = view.onlyAxis();
  const starts = view.list('starts', 1, null);
  const ends = view.list('ends', 2, null);
  const axes = view.list('axes', 3, [...starts.keys()]);
  const steps = view.list(
    'steps',
    4,
    starts.map(() => 1),
  );
  const at = axes.findIndex((named) => fromFront(named, view.rank(0)) === axis);
  const isWhole = starts[at] === 0 && steps[at] === 1 && (ends[at] ?? 0) >= 2 ** 31 - 1;
  return at === -1 || isWhole ? axis : view.refuse('it takes some of the samples');
};

export const gather: BatchRule = (view) => {
  const axis = fromFront(view.node.int('axis', 0), view.rank(0));
  const [data, indices] = [view.axis(0), view.axis(1)];
  if (data !== null && indices !== null) return view.refuse('both of its inputs depend on the batch');
  if (indices !== null) return axis + indices;
  if (data === axis) return view.refuse('it picks samples');
  return data === null || data < axis ? data : data + view.rank(1) - 1;
};

export const unsqueeze: BatchRule = (view) => {
  const axes = view.list('axes', 1, null);
  const rank = view.rank(0) + axes.length;
  const added = axes.map((axis) => fromFront(axis, rank)).toSorted((a, b) => a - b);
  return added.reduce((place, axis) => (axis <= place ? place + 1 : place), view.onlyAxis());
};

export const squeeze: BatchRule = (view) => {
  const axis = view.onlyAxis();
  const removed = view.list('axes', 1, null).map((named) => fromFront(named, view.rank(0)));
  if (removed.includes(axis)) return view.refuse('it takes the axis of the samples away');
  return axis - removed.filter((other) => other < axis).length;
};

export const flatten: BatchRule = (view) => {
  const first = fromFront(view.node.int('axis', 1), view.rank(0));
  const axis = view.onlyAxis();
  const before = view.shape(0).slice(0, axis);
  const between = view.shape(0).slice(axis + 1, first);
  // With nothing but ones beside them on their side, samples are the rows.
  const isRow = axis < first && [...before, ...between].every((dim) => dim === 1);
  return isRow ? 0 : view.refuse('it mixes samples with other axes');
};

export const pad: BatchRule = (view) => {
  const axis = view.onlyAxis();
  const pads = view.list('pads', 1, null);
  const axes = view.list(
    'axes',
    3,
    Array.from({ length: view.rank(0) }, (_, index) => index),
  );
  const at = axes.findIndex((named) => fromFront(named, view.rank(0)) === axis);
  const isKept = at === -1 || (pads[at] === 0 && pads[at + axes.length] === 0);
  return isKept ? axis : view.refuse('it adds or takes away samples');
};

export const tile: BatchRule = (view) => {
  const axis = view.onlyAxis();
  const repeats = view.numbers(1) ?? view.refuse('its repeats are computed');
  return repeats[axis] === 1 ? axis : view.refuse('it repeats samples');
};

/** Samples must not be scaled; sizes would have to name how many there are. */
export const resize: BatchRule = (view) => {
  const axis = view.onlyAxis();
  const axes = view.node.ints('axes')?.map((named) => fromFront(named, view.rank(0))) ?? null;
  if (axes !== null) return axes.includes(axis) ? view.refuse('it scales samples') : axis;
  if (view.node.input(3) !== null) return view.refuse('its sizes name the batch size');
  return scalesOf(view)?.[axis] === 1 ? axis : view.refuse('it scales samples');
};

/** An attribute first, then the second input, and behind the region of interest since version 11. */
function scalesOf(view: BatchView): readonly number[] | null {
  const attribute = view.node.attributes.get('scales');
  if (attribute?.kind === 'floats') return attribute.value;
  return view.numbers(view.node.op === 'Resize' && view.facts.opset >= 11 ? 2 : 1);
}

/** Axes that are reduced must not be that of the samples. */
export const reduce: BatchRule = (view) => {
  const axis = view.onlyAxis();
  const isNothing = view.node.int('noop_with_empty_axes', 0) === 1;
  const axes = view.list('axes', 1, []).map((named) => fromFront(named, view.rank(0)));
  if (axes.length === 0 && isNothing) return axis;
  if (axes.length === 0 || axes.includes(axis)) return view.refuse('it reduces over samples');
  return view.node.int('keepdims', 1) === 1 ? axis : axis - axes.filter((other) => other < axis).length;
};

export const argument: BatchRule = (view) => {
  const axis = view.onlyAxis();
  const reduced = fromFront(view.node.int('axis', 0), view.rank(0));
  if (reduced === axis) return view.refuse('it reduces over samples');
  return view.node.int('keepdims', 1) === 1 || axis < reduced ? axis : axis - 1;
};

/** Indices and data go together sample by sample. */
export const gatherElements: BatchRule = (view) => {
  const axis = view.axis(0);
  const picked = fromFront(view.node.int('axis', 0), view.rank(0));
  if (axis === null || axis !== view.axis(1)) return view.refuse('one of its inputs is made for one batch size');
  return picked === axis ? view.refuse('it picks samples') : axis;
};
