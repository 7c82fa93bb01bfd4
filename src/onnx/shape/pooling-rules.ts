import type { Shape } from '../value-type.ts';
import { lengthOrNull } from './dimension.ts';
import type { NodeView, Rule } from './node-view.ts';
import { tensorInfo } from './tensor-info.ts';
import { filled, windowCount, windowOf } from './window.ts';

/** MaxPool, AveragePool, LpPool; MaxPool's second output are positions. */
export const pool: Rule = (node) => {
  const shape = poolShape(node);
  return [tensorInfo(node.type(0), shape), tensorInfo('int64', shape)];
};

function poolShape(node: NodeView): Shape {
  const input = node.shape(0);
  const kernel = node.ints('kernel_shape');
  const window = kernel && windowOf(node, kernel);
  if (window === null || input === null || input.length !== window.kernel.length + 2) return null;
  // Before operator set 11 LpPool, and before 19 AveragePool, know no dilations; a runtime may ignore them.
  if (!node.node.is('MaxPool') && window.dilations.some((step) => step !== 1) && node.opset < 19) return null;
  // Where the padding makes the windows' count, ceil_mode has no say; runtimes apply it nevertheless or not.
  if (window.ceil && window.autoPad !== 'NOTSET') return null;
  const spatial = input.slice(2).map((length, axis) => windowCount(window, axis, length));
  return [...input.slice(0, 2), ...spatial];
}

/** One element a channel. */
export const globalPool: Rule = (node) => {
  const input = node.shape(0);
  const shape = input && [...input.slice(0, 2), ...filled(Math.max(0, input.length - 2), 1)];
  return [tensorInfo(node.type(0), shape)];
};

/** One pooled box a region: `[regions, channels, height, width]`. */
function regions(rois: number, height: (node: NodeView) => number, width: (node: NodeView) => number): Rule {
  return (node) => {
    const shape = [node.shape(rois)?.[0] ?? null, node.shape(0)?.[1] ?? null];
    return [tensorInfo(node.type(0), [...shape, lengthOrNull(height(node)), lengthOrNull(width(node))])];
  };
}

export const roiAlign = regions(
  1,
  (node) => node.int('output_height', 1),
  (node) => node.int('output_width', 1),
);

export const maxRoiPool = regions(
  1,
  (node) => node.ints('pooled_shape')?.[0] ?? -1,
  (node) => node.ints('pooled_shape')?.[1] ?? -1,
);

/** Undoes a MaxPool: the formula turned round, or the shape that is given. */
export const maxUnpool: Rule = (node) => {
  const input = node.shape(0);
  const kernel = node.ints('kernel_shape');
  const window = kernel && windowOf(node, kernel);
  if (node.has(2)) return [tensorInfo(node.type(0), node.content(2))];
  if (window === null || input === null || input.length !== window.kernel.length + 2)
    return [tensorInfo(node.type(0), null)];
  const spatial = input.slice(2).map((length, axis) => {
    const pads = (window.before[axis] ?? 0) + (window.after[axis] ?? 0);
    const reach = window.kernel[axis];
    return typeof length === 'number' && typeof reach === 'number'
      ? (length - 1) * (window.strides[axis] ?? 1) - pads + reach
      : null;
  });
  return [tensorInfo(node.type(0), [...input.slice(0, 2), ...spatial])];
};
