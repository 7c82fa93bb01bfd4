import type { DataType } from '../data-type.ts';
import type { Dimension, Shape } from '../value-type.ts';
import { axesFrom, axisFrom, withAxis } from './dimension.ts';
import { arithmetic } from './element-arithmetic.ts';
import type { Element } from './element-arithmetic.ts';
import type { NodeView, Rule } from './node-view.ts';
import type { Content } from './tensor-info.ts';
import { tensorInfo } from './tensor-info.ts';

/** ReduceSum, ReduceMean and their like; the axes are an attribute or, in newer operator sets, the second input. */
export const reduce: Rule = (node) => {
  const { elementType, shape: input } = node.input(0);
  const keep = node.int('keepdims', 1) !== 0;
  const axes = reducedAxes(node, input);
  if (input === null) return [tensorInfo(elementType, isTotal(node) && !keep ? [] : null)];
  if (axes === 'unknown') return [tensorInfo(elementType, keep ? input.map((dim) => (dim === 1 ? 1 : null)) : null)];
  const shape = without(input, axes, keep);
  return [tensorInfo(elementType, shape, reducedContent(node, axes))];
};

function reducedAxes(node: NodeView, input: Shape): readonly number[] | 'unknown' {
  if (input === null) return 'unknown';
  const isGiven = node.has(1) || node.ints('axes') !== null;
  const axes = isGiven ? node.integers('axes', 1) : [];
  if (axes === null) return 'unknown';
  if (axes.length > 0) return axesFrom(axes, input.length) ?? 'unknown';
  return node.int('noop_with_empty_axes', 0) === 0 ? input.map((_, axis) => axis) : [];
}

/** Whether all axes go, whatever the rank. */
function isTotal(node: NodeView): boolean {
  return !node.has(1) && node.ints('axes') === null && node.int('noop_with_empty_axes', 0) === 0;
}

function without(input: readonly Dimension[], axes: readonly number[], keep: boolean): readonly Dimension[] {
  if (keep) return input.map((dim, axis) => (axes.includes(axis) ? 1 : dim));
  return input.filter((_, axis) => !axes.includes(axis));
}

const foldedBy: Readonly<Record<string, string>> = {
  ReduceSum: 'Add',
  ReduceProd: 'Mul',
  ReduceMax: 'Max',
  ReduceMin: 'Min',
};

/** The sum, product or extreme of a small vector: how exporters count elements. */
function reducedContent(node: NodeView, axes: readonly number[]): Content {
  const { elementType, shape, content } = node.input(0);
  const compute = elementType && arithmetic(foldedBy[node.node.op] ?? '', elementType);
  if (!compute || content === null || shape?.length !== 1 || axes.length !== 1) return null;
  const [first = null, ...rest] = content;
  return content.length === 0 ? null : [rest.reduce<Element>(compute, first)];
}

/** ArgMax and ArgMin. */
export const argument: Rule = (node) => {
  const input = node.shape(0);
  const axis = input && axisFrom(node.int('axis', 0), input.length);
  const shape = input && axis !== null ? without(input, [axis], node.int('keepdims', 1) !== 0) : null;
  return [tensorInfo('int64', shape)];
};

export const topK: Rule = (node) => {
  const input = node.shape(0);
  const axis = input && axisFrom(node.int('axis', -1), input.length);
  const count = node.opset < 10 ? node.int('k', -1) : node.scalar(1);
  const shape = input && axis !== null ? withAxis(input, axis, count) : null;
  return [tensorInfo(node.type(0), shape), tensorInfo('int64', shape)];
};

/** How many values are unlike is not known before running. */
export const unique: Rule = (node) => {
  const input = node.shape(0);
  const isFlat = node.attribute('axis') === null;
  const axis = input && axisFrom(node.int('axis', 0), input.length);
  const shape = input && axis !== null ? withAxis(input, axis, null) : null;
  const counted = tensorInfo('int64', [null]);
  return [tensorInfo(node.type(0), isFlat ? [null] : shape), counted, counted, counted];
};

/** Matrices to one number each. */
export const determinant: Rule = (node) => {
  const input = node.shape(0);
  return [tensorInfo(node.type(0), input && input.length >= 2 ? input.slice(0, -2) : null)];
};

/** Loss by class index: with `reduction: none` one number an element, else one in all. */
export const loss: Rule = (node) => {
  const isSpread = node.string('reduction', 'mean') === 'none';
  return [tensorInfo(node.type(0), isSpread ? node.shape(1) : []), tensorInfo(node.type(0), node.shape(0))];
};

/** Boxes that survive: `[count, 3]`, the count unknown. */
export const nonMaxSuppression: Rule = () => [tensorInfo('int64', [null, 3])];

/** Samples a row: `[batch, sample_size]`. */
export const multinomial: Rule = (node) => {
  const type: DataType = node.int('dtype', 6) === 7 ? 'int64' : 'int32';
  return [tensorInfo(type, [node.shape(0)?.[0] ?? null, node.int('sample_size', 1)])];
};
