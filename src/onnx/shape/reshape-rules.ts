import type { Dimension, Shape } from '../value-type.ts';
import { axesFrom, axisFrom, multiplyDimensions, productOf } from './dimension.ts';
import type { NodeView, Rule } from './node-view.ts';
import { tensorInfo } from './tensor-info.ts';

/** Same elements in the same order, another shape. */
function reshaped(node: NodeView, shape: Shape): ReturnType<Rule> {
  return [tensorInfo(node.type(0), shape, node.content(0))];
}

export const reshape: Rule = (node) => {
  const target = node.integers('shape', 1);
  if (target !== null) return reshaped(node, reshapeTo(node.shape(0), target, node.int('allowzero', 0) !== 0));
  const rank = node.shape(1)?.[0];
  // The rank at least: the target has as many elements.
  return reshaped(node, typeof rank === 'number' && rank <= 64 ? Array.from({ length: rank }, () => null) : null);
};

function reshapeTo(input: Shape, target: readonly Dimension[], allowZero: boolean): Shape {
  // A 0 copies the axis at its place, so that axis is the same on both sides.
  const isCopied = (axis: number) => target[axis] === 0 && !allowZero;
  const lengths = target.map((dim, axis) => (isCopied(axis) ? (input?.[axis] ?? null) : dim));
  const open = lengths.flatMap((dim, axis) => (dim === -1 || (dim === null && !isCopied(axis)) ? [axis] : []));
  if (open.length !== 1 || input === null) return lengths.map((dim) => (dim === -1 ? null : dim));
  const rest = lengths.filter((_, axis) => axis !== open[0] && !isCopied(axis));
  const missing = quotient(
    input.filter((_, axis) => !isCopied(axis)),
    rest,
  );
  return lengths.map((dim, axis) => (axis === open[0] ? missing : dim));
}

/** The one length that makes two shapes have equally many elements; null unless it is exact. */
function quotient(whole: readonly Dimension[], part: readonly Dimension[]): Dimension {
  const left = [...whole];
  const right: Dimension[] = [];
  for (const dim of part) {
    const at = typeof dim === 'string' ? left.indexOf(dim) : -1;
    if (at === -1) right.push(dim);
    else left.splice(at, 1);
  }
  const numerator = productOf(left.filter((dim) => typeof dim === 'number'));
  const denominator = productOf(right);
  const symbols = left.filter((dim) => typeof dim !== 'number');
  if (typeof numerator !== 'number' || typeof denominator !== 'number' || denominator === 0) return null;
  if (symbols.length === 0) return numerator % denominator === 0 ? numerator / denominator : null;
  return symbols.length === 1 && numerator === denominator ? (symbols[0] ?? null) : null;
}

export const flatten: Rule = (node) => {
  const input = node.shape(0);
  if (input === null) return reshaped(node, [null, null]);
  const axis = node.int('axis', 1);
  const split = axis === input.length ? axis : axisFrom(axis, input.length);
  if (split === null) return reshaped(node, null);
  return reshaped(node, [productOf(input.slice(0, split)), productOf(input.slice(split))]);
};

export const squeeze: Rule = (node) => {
  const input = node.shape(0);
  if (input === null) return reshaped(node, null);
  if (node.has(1) || node.ints('axes') !== null) {
    const axes = axesFrom(node.integers('axes', 1) ?? [null], input.length);
    return reshaped(node, axes && input.filter((_, axis) => !axes.includes(axis)));
  }
  // Without axes every axis of length 1 goes: all lengths must be known.
  return reshaped(node, input.every((dim) => typeof dim === 'number') ? input.filter((dim) => dim !== 1) : null);
};

export const unsqueeze: Rule = (node) => {
  const input = node.shape(0);
  const given = node.integers('axes', 1);
  if (input === null || given === null) return reshaped(node, null);
  const axes = axesFrom(given, input.length + given.length);
  if (axes === null) return reshaped(node, null);
  const rest = [...input];
  const shape = Array.from({ length: input.length + axes.length }, (_, axis) =>
    axes.includes(axis) ? 1 : (rest.shift() ?? null),
  );
  return reshaped(node, shape);
};

/** Blocks of channels become blocks of pixels, or the other way round. */
export const depthToSpace: Rule = (node) => {
  const input = node.shape(0);
  const block = node.int('blocksize', 0);
  if (input?.length !== 4 || block < 1) return [tensorInfo(node.type(0), null)];
  const [batch = null, channels = null, height = null, width = null] = input;
  const spatial = [multiplyDimensions(height, block), multiplyDimensions(width, block)];
  return [tensorInfo(node.type(0), [batch, divided(channels, block * block), ...spatial])];
};

export const spaceToDepth: Rule = (node) => {
  const input = node.shape(0);
  const block = node.int('blocksize', 0);
  if (input?.length !== 4 || block < 1) return [tensorInfo(node.type(0), null)];
  const [batch = null, channels = null, height = null, width = null] = input;
  const depth = multiplyDimensions(channels, block * block);
  return [tensorInfo(node.type(0), [batch, depth, divided(height, block), divided(width, block)])];
};

function divided(dim: Dimension, by: number): Dimension {
  if (by === 1) return dim;
  return typeof dim === 'number' && dim % by === 0 ? dim / by : null;
}
