import type { BatchRule, BatchView } from './batch-view.ts';
import { fromFront } from './batch-view.ts';

/** Each element by itself; further inputs are settings. */
export const elements: BatchRule = (view) => view.onlyAxis();

/** Numpy's broadcasting: samples must meet samples, or what is the same for all of them. */
export const broadcast: BatchRule = (view) => {
  const inputs = [...view.node.inputs.keys()].filter((index) => view.node.input(index) !== null);
  const rank = Math.max(...inputs.map((index) => view.rank(index)));
  const aligned = inputs.map((index) => ({ index, axis: view.axis(index) }));
  const axes = aligned.flatMap(({ index, axis }) => (axis === null ? [] : [axis + rank - view.rank(index)]));
  const [first] = axes;
  if (first === undefined || axes.some((axis) => axis !== first)) {
    return view.refuse('its inputs hold samples along different axes');
  }
  for (const { index, axis } of aligned) {
    const shape = view.shape(index);
    const place = first - rank + shape.length;
    if (axis === null && place >= 0 && shape[place] !== 1) refuseFixed(view, index);
  }
  return first;
};

function refuseFixed(view: BatchView, index: number): never {
  return view.refuse(`'${view.node.input(index)?.name ?? ''}' is made for one batch size`);
}

/** Layers that take samples along axis 0 and have weights. */
export const layer: BatchRule = (view) => (view.onlyAxis() === 0 ? 0 : view.refuse('samples are not along axis 0'));

/** As a layer; further outputs mix or count samples. */
export const singleOutputLayer: BatchRule = (view) => {
  const isUsed = view.node.outputs.slice(1).some((value) => value !== null && !value.isUnused);
  return isUsed ? view.refuse('its further outputs depend on the whole batch') : layer(view);
};

/** Works along one axis, which must not be that of the samples. */
export function along(attribute: string, fallback: number): BatchRule {
  return (view) => {
    const axis = view.onlyAxis();
    const worked = fromFront(view.node.int(attribute, fallback), view.rank(0));
    return worked === axis ? view.refuse('it works along the samples') : axis;
  };
}

/** Works along an axis and all behind it. */
export function from(fallback: number): BatchRule {
  return (view) => {
    const axis = view.onlyAxis();
    const first = fromFront(view.node.int('axis', fallback), view.rank(0));
    return axis < first ? axis : view.refuse('it works along the samples');
  };
}

/** Before version 13 these work on all axes from one on. */
export const softmax: BatchRule = (view) => (view.facts.opset < 13 ? from(1)(view) : along('axis', -1)(view));

/** Training takes its statistics over the batch. */
export const batchNormalization: BatchRule = (view) =>
  view.node.int('training_mode', 0) === 0 ? singleOutputLayer(view) : view.refuse('it is in training');

/** One number a channel, or one in all: channels must not be samples. */
export const quantize: BatchRule = (view) => {
  if (view.node.int('block_size', 0) !== 0) return view.refuse('it has a number for each block');
  return view.rank(1) === 0 ? elements(view) : along('axis', 1)(view);
};

/** The last two axes are a matrix. */
export const matrices: BatchRule = (view) => {
  const axis = view.onlyAxis();
  return axis < view.rank(0) - 2 ? axis : view.refuse('it works along the samples');
};

export const cumulative: BatchRule = (view) => {
  const axis = view.onlyAxis();
  const [worked] = view.numbers(1) ?? view.refuse('its axis is computed');
  return fromFront(worked ?? 0, view.rank(0)) === axis ? view.refuse('it works along the samples') : axis;
};

/** Both inputs hold a sample each, along axis 0. */
export const paired: BatchRule = (view) =>
  view.axis(0) === 0 && view.axis(1) === 0 ? 0 : view.refuse('samples are not along axis 0 of both inputs');

export const oneHot: BatchRule = (view) => {
  const axis = view.onlyAxis();
  const added = fromFront(view.node.int('axis', -1), view.rank(0) + 1);
  return axis < added ? axis : axis + 1;
};
