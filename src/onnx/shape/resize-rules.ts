import type { Dimension } from '../value-type.ts';
import { axesFrom, axisFrom } from './dimension.ts';
import type { NodeView, Rule } from './node-view.ts';
import type { Content } from './tensor-info.ts';
import { tensorInfo } from './tensor-info.ts';

/** Resize to scales or sizes. Operator set 10 has no region of interest before the scales. */
export const resize: Rule = (node) => {
  const { elementType, shape: input } = node.input(0);
  if (input === null) return [tensorInfo(elementType, null)];
  const [scales, sizes] = node.opset < 11 ? [1, -1] : [2, 3];
  const axes = resizedAxes(node, input.length);
  const isStretched = node.string('keep_aspect_ratio_policy', 'stretch') === 'stretch';
  // Cropping makes the output's length depend on the region of interest.
  const isCrop = node.string('coordinate_transformation_mode', '') === 'tf_crop_and_resize';
  const shape =
    node.has(sizes) && !isEmpty(node, sizes)
      ? sized(input, axes, isStretched ? node.content(sizes) : null)
      : scaled(input, axes, isCrop ? null : node.content(scales));
  return [tensorInfo(elementType, shape)];
};

/** The predecessor: scales as an attribute, then as the second input. */
export const upsample: Rule = (node) => {
  const { elementType, shape: input } = node.input(0);
  const scales = node.opset < 9 ? node.floats('scales') : node.content(1);
  return [tensorInfo(elementType, input && scaled(input, resizedAxes(node, input.length), scales))];
};

/** Exporters give an empty tensor for an input left out. */
function isEmpty(node: NodeView, input: number): boolean {
  return node.shape(input)?.[0] === 0;
}

/** Order matters: scales and sizes follow it. */
function resizedAxes(node: NodeView, rank: number): readonly (number | null)[] {
  const given = node.ints('axes');
  if (given === null) return Array.from({ length: rank }, (_, axis) => axis);
  return axesFrom(given, rank) === null ? [null] : given.map((axis) => axisFrom(axis, rank));
}

function sized(input: readonly Dimension[], axes: readonly (number | null)[], sizes: Content): readonly Dimension[] {
  return replaced(input, axes, (_, place) => (sizes?.length === axes.length ? (sizes[place] ?? null) : null));
}

function scaled(input: readonly Dimension[], axes: readonly (number | null)[], scales: Content): readonly Dimension[] {
  return replaced(input, axes, (length, place) =>
    scales?.length === axes.length ? scaledLength(length, scales[place] ?? null) : null,
  );
}

function replaced(
  input: readonly Dimension[],
  axes: readonly (number | null)[],
  lengthOf: (length: Dimension, place: number) => Dimension,
): readonly Dimension[] {
  if (axes.includes(null)) return input.map(() => null);
  return input.map((length, axis) => (axes.includes(axis) ? lengthOf(length, axes.indexOf(axis)) : length));
}

/** Runtimes multiply in float32 and round down; so close below a whole number that they may differ, nothing is said. */
function scaledLength(length: Dimension, scale: Dimension): Dimension {
  if (scale === 1) return length;
  if (typeof length !== 'number' || typeof scale !== 'number') return null;
  const product = length * scale;
  const nearest = Math.round(product);
  const isDoubtful = product !== nearest && Math.abs(product - nearest) < 1e-3;
  return isDoubtful ? null : Math.floor(product);
}

/** Pixels picked at the places of a grid: `[batch, channels, ...grid's spatial axes]`. */
export const gridSample: Rule = (node) => {
  const grid = node.shape(1);
  const input = node.shape(0);
  const shape = grid && input ? [...input.slice(0, 2), ...grid.slice(1, -1)] : null;
  return [tensorInfo(node.type(0), shape)];
};

/** A grid of places for each image: `[batch, ...size behind the channels, rank]`. */
export const affineGrid: Rule = (node) => {
  const size = node.content(1);
  const shape = size && [size[0] ?? null, ...size.slice(2), size.length - 2];
  return [tensorInfo(node.type(0), shape)];
};
