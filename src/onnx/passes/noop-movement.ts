import type { Node } from '../node.ts';
import { constantIntegers, constantOf, listOf } from './constant-of.ts';
import { isUniform } from './noop-arithmetic.ts';
import type { NoopRule } from './noop-rule.ts';
import { keepsShape } from './noop-rule.ts';

/** Exporters write this, or more, for "to the end". */
const farEnd = 2n ** 31n - 1n;

/** Operators that cannot but copy their input when the shape stays: reshaping, repeating, reducing axes of length 1. */
export const sameShapeNoop: NoopRule = (node, facts) => (keepsShape(node, facts) ? node.input(0) : null);

/** Slice over all of every axis, or that keeps the shape with positive steps. */
export const sliceNoop: NoopRule = (node, facts) => {
  const steps = node.input(4) === null ? [] : constantIntegers(node.input(4));
  if (steps === null || steps.some((step) => step <= 0n)) return null;
  if (keepsShape(node, facts)) return node.input(0);
  const starts = listOf(node, { attribute: 'starts', input: 1, absent: null });
  const ends = listOf(node, { attribute: 'ends', input: 2, absent: null });
  if (starts === null || ends === null || steps.some((step) => step !== 1n)) return null;
  return starts.every((start) => start === 0n) && ends.every((end) => end >= farEnd) ? node.input(0) : null;
};

/** Pad by nothing. The same shape would not do: a negative pad in front may meet a positive one behind. */
export const padNoop: NoopRule = (node) => {
  const pads = listOf(node, { attribute: 'pads', input: 1, absent: null });
  return pads !== null && pads.every((pad) => pad === 0n) ? node.input(0) : null;
};

/** Transpose that moves no axis, or only axes of length 1 to places of the same length. */
export const transposeNoop: NoopRule = (node, facts) => {
  const { shape } = facts.infoOf(node.input(0));
  const perm = node.ints('perm') ?? shape?.map((_, axis) => shape.length - 1 - axis) ?? null;
  if (perm === null) return null;
  if (perm.every((axis, index) => axis === index)) return node.input(0);
  const moved = perm.filter((axis) => shape?.[axis] !== 1);
  return shape !== null && keepsShape(node, facts) && isAscending(moved) ? node.input(0) : null;
};

function isAscending(axes: readonly number[]): boolean {
  return axes.every((axis, index) => index === 0 || axis > (axes[index - 1] ?? -1));
}

/** Where with a condition that is the same everywhere. */
export const whereNoop: NoopRule = (node, facts) => {
  const condition = constantOf(node.input(0));
  if (condition === null || condition.elementCount === 0) return null;
  if (isUniform(condition, 1) && keepsShape(node, facts, 1)) return node.input(1);
  return isUniform(condition, 0) && keepsShape(node, facts, 2) ? node.input(2) : null;
};

/** ScatterElements and ScatterND without a single update. */
export const scatterNoop: NoopRule = (node, facts) => {
  const { shape } = facts.infoOf(node.input(1));
  const places = node.op === 'ScatterND' ? shape?.slice(0, -1) : shape;
  return places?.includes(0) === true ? node.input(0) : null;
};

/** Modes in which a scale of 1 does not mean "each pixel from its own place". */
const cropping: ReadonlySet<string> = new Set(['tf_crop_and_resize', 'tf_half_pixel_for_nn']);

/** Upsample and Resize by 1. Sizes must be the input's; scales must be 1, for 1.1 may keep the shape and yet move pixels. */
export const resizeNoop: NoopRule = (node, facts) => {
  if (cropping.has(node.string('coordinate_transformation_mode', ''))) return null;
  if (areScalesOne(node, facts.opset)) return node.input(0);
  const scales = node.input(2);
  const isSized = node.input(3) !== null && (scales === null || constantOf(scales)?.elementCount === 0);
  return isSized && keepsShape(node, facts) ? node.input(0) : null;
};

function areScalesOne(node: Node, opset: number): boolean {
  const attribute = node.attributes.get('scales');
  if (attribute?.kind === 'floats') return attribute.value.every((scale) => scale === 1);
  const scales = constantOf(node.input(node.op === 'Resize' && opset >= 11 ? 2 : 1));
  return scales !== null && scales.elementCount > 0 && isUniform(scales, 1);
}
