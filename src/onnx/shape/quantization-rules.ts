import { dataTypeOfNumber } from '../file/data-type-number.ts';
import { broadcastShapes } from './broadcast.ts';
import { axisFrom, addDimensions, sameDimension } from './dimension.ts';
import type { Rule } from './node-view.ts';
import type { Dimension, Shape } from '../value-type.ts';
import { tensorInfo } from './tensor-info.ts';

/** The zero point tells the type, then the attribute; uint8 without either. */
export const quantizeLinear: Rule = (node) => {
  const given = node.int('output_dtype', 0);
  const type = node.has(2) ? node.type(2) : given === 0 ? 'uint8' : dataTypeOfNumber(given);
  return [tensorInfo(type, node.shape(0))];
};

/** As wide as the scale, unless an attribute says otherwise. */
export const dequantizeLinear: Rule = (node) => {
  const given = node.int('output_dtype', 0);
  return [tensorInfo(given === 0 ? node.type(1) : dataTypeOfNumber(given), node.shape(0))];
};

/** Quantized values, their scale and their zero point. */
export const dynamicQuantizeLinear: Rule = (node) => [
  tensorInfo('uint8', node.shape(0)),
  tensorInfo('float32', []),
  tensorInfo('uint8', []),
];

/** onnxruntime's Add and Mul on integers: each operand is followed by scale and zero point. */
export const qLinearBinary: Rule = (node) => [
  tensorInfo(node.type(0), broadcastShapes([node.shape(0), node.shape(3)])),
];

/** onnxruntime's Concat on integers: the output's scale and zero point, then three inputs a part. */
export const qLinearConcat: Rule = (node) => {
  const parts = node.inputs().flatMap(({ shape }, index) => (index >= 2 && index % 3 === 2 ? [shape] : []));
  return [tensorInfo(node.type(1), joined(parts, node.int('axis', 0)))];
};

function joined(parts: readonly Shape[], given: number): Shape {
  const [first = null, ...rest] = parts;
  const axis = first && axisFrom(given, first.length);
  let result = first;
  for (const part of rest) {
    if (result === null || part === null || axis === null || part.length !== result.length) return null;
    result = result.map((dim: Dimension, at: number) =>
      (at === axis ? addDimensions : sameDimension)(dim, part[at] ?? null),
    );
  }
  return axis === null ? null : result;
}
