import type { BatchRule, BatchView } from './batch-view.ts';

/**
 * A reshape keeps samples apart when the axis they end up along has as many elements before it as theirs had. A target
 * that names the old batch size is replaced by one that copies the axis (0) or works it out (-1).
 */
export const reshape: BatchRule = (view) => {
  const axis = view.axis(0);
  if (axis === null) return view.refuse('its target depends on the batch, its input does not');
  const to = placeOf(view, axis);
  const state = view.state(1);
  if (state === null) retarget(view, axis, to);
  // A target that is computed from the batch size names it at one place, and copies it (0) to no other.
  else if (state.kind !== 'sizes' || state.index !== to || (axis !== to && view.content(1)?.[axis] === 0)) {
    return view.refuse('its target shape mixes samples with other axes');
  }
  return to;
};

/** Axis of the output that samples lie along. Where several would do, the one that they lay along already. */
function placeOf(view: BatchView, axis: number): number {
  const [shape, result] = [view.shape(0), view.outputShape()];
  const before = product(shape.slice(0, axis));
  const places = [...result.keys()].filter(
    (place) => result[place] === view.facts.batchSize && before !== null && product(result.slice(0, place)) === before,
  );
  if (places.includes(axis)) return axis;
  return places[0] ?? view.refuse('it mixes samples with other axes');
}

function product(dims: readonly (number | string | null)[]): number | null {
  let result = 1;
  for (const dim of dims) {
    if (typeof dim !== 'number') return null;
    result *= dim;
  }
  return result;
}

function retarget(view: BatchView, from: number, to: number): void {
  const target = view.content(1) ?? view.refuse('its target shape is computed');
  const copiesZero = view.node.int('allowzero', 0) === 0;
  const isCopied = copiesZero && from === to;
  // What is worked out, or copied from the samples' axis, follows the batch by itself, but must do so nowhere else.
  const isElsewhere = copiesZero && !isCopied && target[from] === 0;
  if (!isElsewhere && (target[to] === -1 || (isCopied && target[to] === 0))) return;
  const result = view.outputShape();
  const numbers = view.numbers(1) ?? view.refuse('its target shape is computed');
  const fixed = numbers.map((dim, place) => {
    if (place === to) return isCopied ? 0 : -1;
    const follows = copiesZero && dim === 0 && place === from;
    if (!follows && (dim !== -1 || isCopied)) return dim;
    const length = result[place];
    return typeof length === 'number' ? length : view.refuse('its target shape leaves more than one axis open');
  });
  if (product(result) === 0) view.refuse('it reshapes what has no elements');
  view.replaceList('shape', fixed);
}

/** Broadcasts to a target; samples must meet 1 there, or the batch size where it is known to be that. */
export const expand: BatchRule = (view) => {
  const target = view.numbers(1) ?? view.refuse('its target shape is computed');
  const state = view.state(1);
  const axis = view.axis(0);
  const rank = Math.max(target.length, view.rank(0));
  const wanted = state?.kind === 'sizes' ? (state.index ?? 0) + rank - target.length : null;
  if (axis === null) return wanted === null ? null : grown(view, wanted - rank + view.rank(0), wanted);
  const place = axis + rank - view.rank(0);
  if (wanted !== null) return wanted === place ? place : view.refuse('its target shape mixes samples with other axes');
  const at = place - rank + target.length;
  if (at >= 0 && target[at] !== 1) {
    if (target[at] !== view.facts.batchSize) view.refuse('it repeats samples');
    view.replaceList(
      'shape',
      target.map((dim, index) => (index === at ? 1 : dim)),
    );
  }
  return place;
};

/** What is the same for all samples is repeated for each. */
function grown(view: BatchView, own: number, place: number): number {
  return own < 0 || view.shape(0)[own] === 1 ? place : view.refuse('its input is made for one batch size');
}

export const constantOfShape: BatchRule = (view) => {
  const state = view.state(0);
  return state?.kind === 'sizes' && state.index !== null ? state.index : view.refuse('its shape depends on samples');
};
