import type { BatchState, BatchView } from './batch-view.ts';
import { fromFront } from './batch-view.ts';

/** What becomes of a shape that the batch size is an element of; null where it is not in the result. */
type SizeRule = (view: BatchView) => BatchState | null;

const sizes = (index: number | null): BatchState => ({ kind: 'sizes', index });

/** Place of the batch size in the first input. */
function placeIn(view: BatchView): number | null {
  const state = view.state(0);
  if (state?.kind !== 'sizes') return view.refuse('it computes with the batch size');
  for (const index of view.node.inputs.keys()) {
    if (index > 0 && view.state(index) !== null) return view.refuse('it computes with the batch size');
  }
  return state.index;
}

/** Shape of samples: the one rule that makes sizes. */
const shape: SizeRule = (view) => {
  const rank = view.rank(0);
  const start = Math.max(0, fromFront(view.node.int('start', 0), rank));
  const end = fromFront(view.node.int('end', rank), rank);
  const axis = view.onlyAxis();
  return axis >= start && axis < end ? sizes(axis - start) : null;
};

const same: SizeRule = (view) => sizes(placeIn(view));

const gather: SizeRule = (view) => {
  const place = placeIn(view);
  const indices = view.numbers(1) ?? view.refuse('its indices are computed');
  const length = view.numbers(0)?.length ?? 0;
  const found = indices.flatMap((index, at) => (fromFront(index, length) === place ? [at] : []));
  if (found.length > 1) return view.refuse('it takes the batch size more than once');
  const [at] = found;
  if (at === undefined) return null;
  return sizes(view.rank(1) === 0 ? null : at);
};

const slice: SizeRule = (view) => {
  const place = placeIn(view) ?? 0;
  const length = view.numbers(0)?.length ?? 0;
  const [start = 0] = view.list('starts', 1, null);
  const [end = length] = view.list('ends', 2, null);
  const [step] = view.list('steps', 4, [1]);
  if (step !== 1) return view.refuse('it steps through a shape');
  const [first, last] = [fromFront(start, length), fromFront(end, length)];
  return place >= first && place < last ? sizes(place - Math.max(0, first)) : null;
};

/** A scalar becomes a list of one, and back. */
const unsqueeze: SizeRule = (view) =>
  placeIn(view) === null ? sizes(0) : view.refuse('it makes more than a list of a shape');

const squeeze: SizeRule = (view) => {
  placeIn(view);
  return sizes(null);
};

const concat: SizeRule = (view) => {
  let offset = 0;
  let found: BatchState | null = null;
  for (const index of view.node.inputs.keys()) {
    const state = view.state(index);
    if (state !== null && (state.kind !== 'sizes' || found !== null)) return view.refuse('it takes more than one size');
    if (state !== null) found = sizes(offset + ((state.kind === 'sizes' && state.index) || 0));
    const [length] = view.shape(index);
    offset += typeof length === 'number' ? length : view.refuse('the length of its inputs is not known');
  }
  return found;
};

/** Operators that pass a shape on. */
export const sizeRules: ReadonlyMap<string, SizeRule> = new Map([
  ['Shape', shape],
  ['Cast', same],
  ['Identity', same],
  ['Gather', gather],
  ['Slice', slice],
  ['Unsqueeze', unsqueeze],
  ['Squeeze', squeeze],
  ['Concat', concat],
]);
