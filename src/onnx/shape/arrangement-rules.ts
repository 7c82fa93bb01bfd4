import type { Dimension, Shape } from '../value-type.ts';
import { isStaticShape } from '../value-type.ts';
import { broadcastShapes } from './broadcast.ts';
import {
  addDimensions,
  axesFrom,
  axisFrom,
  dimensionAt,
  multiplyDimensions,
  sameDimension,
  withAxis,
} from './dimension.ts';
import { contentOver, movedContent, positionOf, stridesOf } from './index-space.ts';
import type { NodeView, Rule } from './node-view.ts';
import type { Content, TensorInfo } from './tensor-info.ts';
import { tensorInfo } from './tensor-info.ts';

export const transpose: Rule = (node) => {
  const { elementType, shape: input, content } = node.input(0);
  if (input === null) return [tensorInfo(elementType, null)];
  const order = node.ints('perm') ?? input.map((_, axis) => input.length - 1 - axis);
  if (order.length !== input.length || axesFrom(order, input.length) === null) return [tensorInfo(elementType, null)];
  const shape = order.map((axis) => dimensionAt(input, axis));
  if (content === null || !isStaticShape(input)) return [tensorInfo(elementType, shape)];
  const strides = stridesOf(input);
  const permuted = order.map((axis) => strides[axis] ?? 0);
  return [
    tensorInfo(
      elementType,
      shape,
      movedContent(content, shape, (index) => positionOf(index, permuted)),
    ),
  ];
};

export const concat: Rule = (node) => {
  const infos = node.inputs();
  const type = infos.find(({ elementType }) => elementType !== null)?.elementType ?? null;
  const rank = infos.find(({ shape }) => shape !== null)?.shape?.length ?? 0;
  const axis = axisFrom(node.int('axis', node.opset < 4 ? 1 : NaN), rank);
  if (axis === null) return [tensorInfo(type, null)];
  const shape = concatShape(infos, axis, rank);
  return [tensorInfo(type, shape, concatContent(infos, axis, shape))];
};

/** Axes but one must be equal, so any input may tell them. */
function concatShape(infos: readonly TensorInfo[], axis: number, rank: number): Shape {
  const none: readonly Dimension[] = Array.from({ length: rank }, () => null);
  const shapes = infos.map(({ shape }) => shape ?? none);
  if (shapes.some((shape) => shape.length !== rank)) return null;
  return none.map((_, at) => {
    const lengths = shapes.map((shape) => shape[at] ?? null);
    return at === axis ? lengths.reduce(addDimensions) : lengths.reduce(sameDimension);
  });
}

/** Vectors are joined even where some of their elements are not known, as shapes are made of them. */
function concatContent(infos: readonly TensorInfo[], axis: number, shape: Shape): Content {
  if (!isStaticShape(shape)) return null;
  if (shape.length === 1) return infos.every(isSmallVector) ? infos.flatMap(elementsOf) : null;
  if (infos.some(({ content }) => content === null)) return null;
  return contentOver(shape, (index) => elementOfJoined(infos, axis, index));
}

function isSmallVector({ shape }: TensorInfo): boolean {
  return typeof shape?.[0] === 'number' && shape[0] <= 64;
}

function elementsOf({ shape, content }: TensorInfo): readonly Dimension[] {
  return content ?? Array.from({ length: Number(shape?.[0] ?? 0) }, () => null);
}

function elementOfJoined(infos: readonly TensorInfo[], axis: number, index: readonly number[]): Dimension {
  let at = index[axis] ?? 0;
  for (const { shape, content } of infos) {
    const length = shape?.[axis];
    if (!isStaticShape(shape) || typeof length !== 'number') return null;
    if (at < length) return content?.[positionOf(index.with(axis, at), stridesOf(shape))] ?? null;
    at -= length;
  }
  return null;
}

export const split: Rule = (node) => {
  const { elementType, shape: input, content } = node.input(0);
  const axis = input && axisFrom(node.int('axis', 0), input.length);
  if (input === null || axis === null)
    return Array.from({ length: node.outputCount }, () => tensorInfo(elementType, null));
  const parts = partsOf(node, input[axis] ?? null);
  return parts.map((part, place) => {
    const before = parts.slice(0, place).reduce<Dimension>(addDimensions, 0);
    const isVector = input.length === 1 && typeof before === 'number' && typeof part === 'number';
    const own = isVector ? (content?.slice(before, before + part) ?? null) : null;
    return tensorInfo(elementType, withAxis(input, axis, part), own);
  });
};

/** Length of each part: given, or equal ones of which the last may be shorter since operator set 18. */
function partsOf(node: NodeView, length: Dimension): readonly Dimension[] {
  const count = node.outputCount;
  const none = Array.from({ length: count }, () => null);
  if (node.has(1) || node.ints('split') !== null) {
    const given = node.integers('split', 1);
    return given?.length === count ? given : none;
  }
  if (typeof length !== 'number' || count === 0) return none;
  if (length % count === 0) return none.map(() => length / count);
  if (node.attribute('num_outputs') === null) return none;
  const chunk = Math.ceil(length / count);
  const last = length - chunk * (count - 1);
  return last < 0 ? none : none.map((_, place) => (place === count - 1 ? last : chunk));
}

export const expand: Rule = (node) => {
  const { elementType, shape: input, content } = node.input(0);
  const target = node.content(1) ?? unknownDimensions(node.shape(1));
  const shape = target && broadcastShapes([input, target]);
  if (content === null || !isStaticShape(input)) return [tensorInfo(elementType, shape)];
  const strides = stridesOf(input).map((stride, axis) => (input[axis] === 1 ? 0 : stride));
  const skipped = (shape?.length ?? 0) - input.length;
  const moved = movedContent(content, shape, (index) => positionOf(index.slice(skipped), strides));
  return [tensorInfo(elementType, shape, moved)];
};

/** A shape of which only the rank is known: as many axes as the tensor that gives it has elements. */
function unknownDimensions(vector: Shape): Shape {
  const rank = vector?.[0];
  return typeof rank === 'number' && rank <= 64 ? Array.from({ length: rank }, () => null) : null;
}

export const tile: Rule = (node) => {
  const { elementType, shape: input, content } = node.input(0);
  const repeats = node.content(1);
  if (input === null || (repeats !== null && repeats.length !== input.length) || node.opset < 6)
    return [tensorInfo(elementType, null)];
  const shape = input.map((dim, axis) => multiplyDimensions(dim, repeats?.[axis] ?? null));
  if (content === null || !isStaticShape(input)) return [tensorInfo(elementType, shape)];
  const strides = stridesOf(input);
  const wrap = (index: readonly number[]) => index.map((at, axis) => at % (input[axis] ?? 1));
  return [
    tensorInfo(
      elementType,
      shape,
      movedContent(content, shape, (index) => positionOf(wrap(index), strides)),
    ),
  ];
};
