import type { Dimension, Shape } from '../value-type.ts';
import { isStaticShape } from '../value-type.ts';
import { axisFrom } from './dimension.ts';
import { movedContent, positionOf, stridesOf } from './index-space.ts';
import type { NodeView, Rule } from './node-view.ts';
import type { Content } from './tensor-info.ts';
import { tensorInfo } from './tensor-info.ts';

/** Ends at or beyond the largest int32 mean "to the end", as exporters write it. */
const toTheEnd = 2 ** 31 - 1;

/** What is cut from one axis: where it begins (when known), the step, and the length. */
interface Cut {
  readonly first: number | null;
  readonly step: number;
  readonly length: Dimension;
}

export const slice: Rule = (node) => {
  const { elementType, shape: input, content } = node.input(0);
  const cuts = input && cutsOf(node, input);
  if (input === null || cuts === null) return [tensorInfo(elementType, input?.map(() => null) ?? null)];
  const shape = cuts.map((cut) => cut.length);
  return [tensorInfo(elementType, shape, cutContent({ content, input, cuts, shape }))];
};

function cutsOf(node: NodeView, input: readonly Dimension[]): readonly Cut[] | null {
  const starts = node.integers('starts', 1);
  const ends = node.integers('ends', 2);
  const count = starts?.length ?? node.shape(1)?.[0];
  const hasAxes = node.has(3) || node.ints('axes') !== null;
  const axes = hasAxes ? node.integers('axes', 3) : typeof count === 'number' ? firstAxes(count, input.length) : null;
  if (axes === null) return null;
  const steps = node.has(4) ? node.content(4) : axes.map(() => 1);
  const cuts: Cut[] = input.map((length) => ({ first: 0, step: 1, length }));
  for (const [place, given] of axes.entries()) {
    const axis = typeof given === 'number' ? axisFrom(given, input.length) : null;
    if (axis === null) return null;
    const at = { start: starts?.[place] ?? null, end: ends?.[place] ?? null, step: steps?.[place] ?? null };
    cuts[axis] = cutOf(input[axis] ?? null, at);
  }
  return cuts;
}

function firstAxes(count: number, rank: number): readonly number[] | null {
  return count <= rank ? Array.from({ length: count }, (_, axis) => axis) : null;
}

interface Bounds {
  readonly start: Dimension;
  readonly end: Dimension;
  readonly step: Dimension;
}

function cutOf(length: Dimension, { start, end, step }: Bounds): Cut {
  if (typeof step !== 'number' || step === 0) return { first: null, step: 1, length: null };
  if (typeof length !== 'number' || typeof start !== 'number' || typeof end !== 'number')
    return { first: null, step, length: isWhole(length, { start, end, step }) ? length : null };
  const first = clampStart(start, length, step);
  const last = clampEnd(end, length, step);
  return { first, step, length: Math.max(0, Math.ceil((last - first) / step)) };
}

/** Whether a slice of an axis of unknown length is the whole axis, forward or backward. */
function isWhole(length: Dimension, { start, end, step }: Bounds): boolean {
  if (step === 1)
    return start === 0 && ((typeof end === 'number' && end >= toTheEnd) || (end !== null && end === length));
  return step === -1 && start === -1 && typeof end === 'number' && end <= -toTheEnd;
}

function clampStart(start: number, length: number, step: number): number {
  const at = start < 0 ? start + length : start;
  return Math.min(Math.max(at, 0), step > 0 ? length : length - 1);
}

function clampEnd(end: number, length: number, step: number): number {
  const at = end < 0 ? end + length : end;
  return step > 0 ? Math.min(Math.max(at, 0), length) : Math.min(Math.max(at, -1), length - 1);
}

function cutContent(slice: {
  readonly content: Content;
  readonly input: Shape;
  readonly cuts: readonly Cut[];
  readonly shape: Shape;
}): Content {
  const { content, input, cuts, shape } = slice;
  if (content === null || !isStaticShape(input)) return null;
  const strides = stridesOf(input);
  const placeOf = (index: readonly number[]) =>
    positionOf(
      index.map((at, axis) => (cuts[axis]?.first ?? NaN) + at * (cuts[axis]?.step ?? 1)),
      strides,
    );
  return movedContent(content, shape, placeOf);
}

export const pad: Rule = (node) => {
  const { elementType, shape: input } = node.input(0);
  if (input === null) return [tensorInfo(elementType, null)];
  const pads = node.integers(node.opset < 2 ? 'paddings' : 'pads', 1);
  const axes = node.has(3) ? node.content(3) : input.map((_, axis) => axis);
  if (pads === null || axes === null || pads.length !== 2 * axes.length)
    return [
      tensorInfo(
        elementType,
        input.map(() => null),
      ),
    ];
  const shape = [...input];
  for (const [place, given] of axes.entries()) {
    const axis = typeof given === 'number' ? axisFrom(given, input.length) : null;
    if (axis === null) return [tensorInfo(elementType, null)];
    const after = pads[place + axes.length] ?? null;
    shape[axis] = padded(shape[axis] ?? null, pads[place] ?? null, after);
  }
  return [tensorInfo(elementType, shape)];
};

/** Pads may be negative, which crops. */
function padded(length: Dimension, before: Dimension, after: Dimension): Dimension {
  if (typeof before !== 'number' || typeof after !== 'number') return null;
  if (typeof length === 'number') return length + before + after;
  return before === 0 && after === 0 ? length : null;
}
