import type { Attribute } from '../attribute.ts';
import type { DataType } from '../data-type.ts';
import { dataTypeOfNumber } from '../file/data-type-number.ts';
import type { Dimension, Shape } from '../value-type.ts';
import { constantContent } from './constant-content.ts';
import { axisFrom, productOf } from './dimension.ts';
import { contentOver } from './index-space.ts';
import type { NodeView, Rule } from './node-view.ts';
import type { TensorInfo } from './tensor-info.ts';
import { mostContentElements, tensorInfo, unknownInfo } from './tensor-info.ts';

const constantNames = [
  'value',
  'sparse_value',
  'value_int',
  'value_ints',
  'value_float',
  'value_floats',
  'value_string',
  'value_strings',
];

export const constant: Rule = (node) => {
  const name = constantNames.find((name) => node.attribute(name) !== null);
  const attribute = name === undefined ? null : node.attribute(name);
  return attribute === null ? [] : [infoOfAttribute(attribute)];
};

function infoOfAttribute(attribute: Attribute): TensorInfo {
  switch (attribute.kind) {
    case 'tensor':
      return tensorInfo(attribute.value.type, attribute.value.dims, constantContent(attribute.value));
    case 'sparse-tensor':
      return tensorInfo(attribute.value.type, attribute.value.dims);
    case 'int':
      return tensorInfo('int64', [], [Number(attribute.value)]);
    case 'ints':
      return vectorOf('int64', attribute.value.map(Number));
    case 'float':
      return tensorInfo('float32', [], [attribute.value]);
    case 'floats':
      return vectorOf('float32', attribute.value);
    case 'string':
      return tensorInfo('string', []);
    case 'strings':
      return tensorInfo('string', [attribute.value.length]);
    default:
      return unknownInfo;
  }
}

function vectorOf(type: DataType, values: readonly number[]): TensorInfo {
  const isSmall = values.length <= mostContentElements && values.every(Number.isFinite);
  return tensorInfo(type, [values.length], isSmall ? values : null);
}

export const constantOfShape: Rule = (node) => {
  const value = node.attribute('value');
  const type = value?.kind === 'tensor' ? value.value.type : 'float32';
  const element = value?.kind === 'tensor' ? (constantContent(value.value)?.[0] ?? null) : 0;
  const shape = shapeFrom(node, 0);
  return [
    tensorInfo(
      type,
      shape,
      contentOver(shape, () => element),
    ),
  ];
};

/** A shape given as an input: its lengths, or the rank alone. */
function shapeFrom(node: NodeView, input: number): Shape {
  const rank = node.shape(input)?.[0];
  return (
    node.content(input) ?? (typeof rank === 'number' && rank <= 64 ? Array.from({ length: rank }, () => null) : null)
  );
}

/** The shape itself becomes content: here the arithmetic on shapes begins. */
export const shapeOf: Rule = (node) => {
  const input = node.shape(0);
  if (input === null) return [tensorInfo('int64', [null])];
  const part = input.slice(node.int('start', 0), node.attribute('end') === null ? undefined : node.int('end', 0));
  return [tensorInfo('int64', [part.length], part)];
};

export const sizeOf: Rule = (node) => {
  const input = node.shape(0);
  return [tensorInfo('int64', [], input && [productOf(input)])];
};

/** Bounds must be known; fractions are left alone, since their rounding is the runtime's. */
export const range: Rule = (node) => {
  const type = node.type(0) ?? node.type(1);
  const [start, limit, step] = [node.scalar(0), node.scalar(1), node.scalar(2)];
  if (start === 0 && step === 1 && typeof limit === 'string') return [tensorInfo(type, [limit])];
  if (![start, limit, step].every((bound) => Number.isSafeInteger(bound)) || step === 0)
    return [tensorInfo(type, [null])];
  const [first, end, by] = [Number(start), Number(limit), Number(step)];
  const shape = [Math.max(0, Math.ceil((end - first) / by))];
  return [
    tensorInfo(
      type,
      shape,
      contentOver(shape, ([at = 0]) => first + at * by),
    ),
  ];
};

export const oneHot: Rule = (node) => {
  const indices = node.shape(0);
  const axis = indices && axisFrom(node.int('axis', -1), indices.length + 1);
  const depth = node.scalar(1);
  const shape = indices && axis !== null ? indices.toSpliced(axis, 0, wholeOrNull(depth)) : null;
  return [tensorInfo(node.type(2), shape)];
};

/** A depth may be given as a float. */
function wholeOrNull(depth: Dimension): Dimension {
  return typeof depth === 'number' && !Number.isInteger(depth) ? null : depth;
}

/** RandomNormal and RandomUniform. */
export const random: Rule = (node) => [tensorInfo(dataTypeOfNumber(node.int('dtype', 1)), node.ints('shape'))];

/** HannWindow and its like: one element a place. */
export const windowFunction: Rule = (node) => [
  tensorInfo(dataTypeOfNumber(node.int('output_datatype', 1)), [node.scalar(0)]),
];
