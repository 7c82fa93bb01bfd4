import type { DataType } from '../data-type.ts';
import type { Dimension, Shape } from '../value-type.ts';
import { lengthOrNull } from './dimension.ts';
import type { NodeView, Rule } from './node-view.ts';
import { tensorInfo } from './tensor-info.ts';
import type { Window } from './window.ts';
import { filled, kernelOf, windowCount, windowOf } from './window.ts';

function convolution(options: { readonly weight: number; readonly type: (node: NodeView) => DataType | null }): Rule {
  return (node) => [tensorInfo(options.type(node), convolutionShape(node, node.shape(options.weight)))];
}

export const conv = convolution({ weight: 1, type: (node) => node.type(0) ?? node.type(1) });
export const convInteger = convolution({ weight: 1, type: () => 'int32' });
export const qLinearConv = convolution({ weight: 3, type: (node) => node.type(7) });

function convolutionShape(node: NodeView, weight: Shape): Shape {
  const input = node.shape(0);
  const kernel = kernelOf(node, weight);
  const window = kernel && windowOf(node, kernel);
  if (window === null) return null;
  if (input === null || input.length !== window.kernel.length + 2) return null;
  const spatial = input.slice(2).map((length, axis) => windowCount(window, axis, length));
  return [input[0] ?? null, weight?.[0] ?? null, ...spatial];
}

export const convTranspose: Rule = (node) => {
  const type = node.type(0) ?? node.type(1);
  const input = node.shape(0);
  const weight = node.shape(1);
  const kernel = kernelOf(node, weight);
  const window = kernel && windowOf(node, kernel);
  if (window === null || input === null || input.length !== window.kernel.length + 2) return [tensorInfo(type, null)];
  const perGroup = weight?.[1] ?? null;
  const channels = typeof perGroup === 'number' ? perGroup * node.int('group', 1) : null;
  const spatial = input.slice(2).map((length, axis) => spreadLength({ node, window, axis, length }));
  return [tensorInfo(type, [input[0] ?? null, channels, ...spatial])];
};

interface Spread {
  readonly node: NodeView;
  readonly window: Window;
  readonly axis: number;
  readonly length: Dimension;
}

/** Length of an axis after a transposed convolution, by the formula in ConvTranspose's specification. */
function spreadLength({ node, window, axis, length }: Spread): Dimension {
  const rank = window.kernel.length;
  const given = node.ints('output_shape');
  if (given !== null && given.length > 0) return lengthOrNull(given.slice(-rank)[axis] ?? -1);
  const kernel = window.kernel[axis] ?? null;
  const extra = (node.ints('output_padding') ?? filled(rank, 0))[axis] ?? 0;
  const stride = window.strides[axis] ?? 1;
  if (typeof length !== 'number' || typeof kernel !== 'number') return null;
  // The specification says length x stride; runtimes differ as soon as there is output padding.
  if (window.autoPad.startsWith('SAME')) return extra === 0 ? lengthOrNull(length * stride) : null;
  const reach = (kernel - 1) * (window.dilations[axis] ?? 1) + 1;
  const padding = window.autoPad === 'VALID' ? 0 : (window.before[axis] ?? 0) + (window.after[axis] ?? 0);
  return length === 0 ? null : lengthOrNull(stride * (length - 1) + extra + reach - padding);
}

/** Samples at places an offset tensor says, which has the output's spatial axes. */
export const deformConv: Rule = (node) => {
  const offset = node.shape(2);
  const shape = offset && [node.shape(0)?.[0] ?? null, node.shape(1)?.[0] ?? null, ...offset.slice(2)];
  return [tensorInfo(node.type(0), shape)];
};

/** Columns back to an image: `[batch, channels, ...image_shape]`. */
export const col2Im: Rule = (node) => {
  const columns = node.shape(0);
  const block = node.content(2);
  const area = block?.reduce<number>((product, dim) => product * (typeof dim === 'number' ? dim : NaN), 1) ?? NaN;
  const rows = columns?.[1];
  const channels = typeof rows === 'number' && rows % area === 0 ? rows / area : null;
  const image = node.content(1);
  return [tensorInfo(node.type(0), columns && image && [columns[0] ?? null, channels, ...image])];
};
