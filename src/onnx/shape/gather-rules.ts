import type { Dimension, Shape } from '../value-type.ts';
import { isStaticShape } from '../value-type.ts';
import { axisFrom, withAxis } from './dimension.ts';
import { movedContent, positionOf, stridesOf } from './index-space.ts';
import type { Rule } from './node-view.ts';
import type { Content, TensorInfo } from './tensor-info.ts';
import { tensorInfo } from './tensor-info.ts';

export const gather: Rule = (node) => {
  const data = node.input(0);
  const indices = node.input(1);
  const axis = data.shape && axisFrom(node.int('axis', 0), data.shape.length);
  if (data.shape === null || axis === null || indices.shape === null) return [tensorInfo(data.elementType, null)];
  const shape = [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)];
  return [tensorInfo(data.elementType, shape, gatheredContent({ data, indices, axis, shape }))];
};

function gatheredContent(at: {
  readonly data: TensorInfo;
  readonly indices: TensorInfo;
  readonly axis: number;
  readonly shape: Shape;
}): Content {
  const { data, indices, axis } = at;
  const { shape: dims } = data;
  const { shape: places } = indices;
  if (!isStaticShape(dims) || !isStaticShape(places)) return null;
  const strides = stridesOf(dims);
  const inner = stridesOf(places);
  return movedContent(data.content, at.shape, (index) => {
    const wanted = indices.content?.[positionOf(index.slice(axis, axis + places.length), inner)];
    const place = typeof wanted === 'number' ? axisFrom(wanted, dims[axis] ?? 0) : null;
    if (place === null) return null;
    return positionOf([...index.slice(0, axis), place, ...index.slice(axis + places.length)], strides);
  });
}

/** One element an index. */
export const gatherElements: Rule = (node) => [tensorInfo(node.type(0), node.shape(1))];

export const gatherND: Rule = (node) => {
  const data = node.shape(0);
  const indices = node.shape(1);
  const depth = indices?.at(-1);
  const batch = node.int('batch_dims', 0);
  if (data === null || typeof depth !== 'number' || batch + depth > data.length || batch < 0)
    return [tensorInfo(node.type(0), null)];
  return [tensorInfo(node.type(0), [...(indices ?? []).slice(0, -1), ...data.slice(batch + depth)])];
};

/** onnxruntime's Gather from blocks of few bits: two elements a byte in uint8, as many as there are else. */
export const gatherBlockQuantized: Rule = (node) => {
  const data = node.shape(0);
  const indices = node.shape(1);
  const axis = data && axisFrom(node.int('gather_axis', 0), data.length);
  if (data === null || indices === null || axis === null) return [tensorInfo(node.type(2), null)];
  const perByte = node.type(0) === 'uint8' ? 8 / node.int('bits', 4) : 1;
  const last = data.at(-1) ?? null;
  const full = withAxis(data, data.length - 1, typeof last === 'number' ? last * perByte : null);
  return [tensorInfo(node.type(2), [...full.slice(0, axis), ...indices, ...full.slice(axis + 1)])];
};

/** Kept slices: as many as the condition says, which is seldom known. */
export const compress: Rule = (node) => {
  const input = node.shape(0);
  const kept = countOfOnes(node.content(1));
  const axis = node.attribute('axis') === null ? null : node.int('axis', 0);
  if (axis === null) return [tensorInfo(node.type(0), [kept])];
  const place = input && axisFrom(axis, input.length);
  return [tensorInfo(node.type(0), input && place !== null ? withAxis(input, place, kept) : null)];
};

function countOfOnes(content: Content): Dimension {
  return content?.every((element) => typeof element === 'number')
    ? content.filter((element) => element !== 0).length
    : null;
}

/** Indices of what is not zero: `[rank, count]`. */
export const nonZero: Rule = (node) => {
  const { shape, content } = node.input(0);
  const rank = shape?.length ?? null;
  // A scalar counts as a vector of one.
  const count = countOfOnes(content);
  if (rank !== 1 || typeof count !== 'number')
    return [tensorInfo('int64', [rank === 0 ? null : rank, rank === 0 ? null : count])];
  const places = content?.flatMap((element, index) => (element === 0 ? [] : [index])) ?? null;
  return [tensorInfo('int64', [1, count], places)];
};
