import { elementCount } from '../../../onnx/dense-tensor.ts';
import type { PlainAttribute } from '../../../onnx/graph-builder.ts';
import type { Node } from '../../../onnx/node.ts';
import type { Expr } from '../../expressions/expr.ts';
import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';
import { scatterElements } from './scatter-add.ts';
import type { SpatialWindow } from './spatial-window.ts';
import { poolWindow, spatialDims } from './spatial-window.ts';
import { areTiles, fillTiles, tiledPart, untiled } from './tiles.ts';

function maxPoolBack(view: NodeGradient): void {
  const window = poolWindow(view);
  view.give(0, () => (window !== null && areTiles(window) ? fromTiles(view, window) : scattered(view)));
}

/**
 * The gradient goes where the largest element is. Equal ones share it, as any mean of their gradients is a subgradient.
 * Takes half the time of a MaxPool that returns Indices, which onnxruntime computes without vector instructions.
 */
function fromTiles(view: NodeGradient, window: SpatialWindow): Expr {
  const { e } = view;
  const part = tiledPart(e, view.input(0), window);
  const isLargest = e.indicatorLike(part, e.compare('Equal', part, fillTiles(e, view.output(0), window)));
  const kernel = window.map((axis) => axis.kernel);
  const share = e.op('AveragePool', [isLargest], {
    type: part.type,
    dims: view.output(0).dims,
    attributes: { kernel_shape: kernel, strides: kernel },
  });
  const each = e.div(view.gradient(), e.mul(share, elementCount(kernel)));
  return untiled(e, e.mul(isLargest, fillTiles(e, each, window)), window);
}

/** Windows that overlap: the positions of the largest elements, which count through the whole tensor. */
function scattered(view: NodeGradient): Expr {
  const { e, node } = view;
  const [x, y] = [view.input(0), view.output(0)];
  const [, indices] = e.ops('MaxPool', [x], {
    attributes: attributesOf(node),
    outputs: [y, { type: 'int64', dims: y.dims }],
  });
  if (indices === undefined) throw new RangeError('a MaxPool has two outputs');
  const [from, to] = [elementCount(y.dims), elementCount(x.dims)];
  const updates = e.reshape(view.gradient(), [from]);
  const sums = scatterElements(e, { indices: e.reshape(indices, [from]), updates, dims: [to], axis: 0 });
  return e.reshape(sums, x.dims);
}

/** Those that say which windows there are; `storage_order` would count positions by columns. */
function attributesOf(node: Node): Readonly<Record<string, PlainAttribute>> {
  const lists = ['kernel_shape', 'strides', 'pads', 'dilations'].flatMap((name) => {
    const values = node.ints(name);
    return values === null ? [] : [[name, values] as const];
  });
  return {
    ...Object.fromEntries(lists),
    auto_pad: node.string('auto_pad', 'NOTSET'),
    ceil_mode: node.int('ceil_mode', 0),
  };
}

/** Equal maxima share the gradient. */
function globalMaxPoolBack(view: NodeGradient): void {
  const { e } = view;
  const [x, y] = [view.input(0), view.output(0)];
  const axes = spatialDims(x).map((_, index) => index + 2);
  view.give(0, () => {
    const isLargest = e.indicatorLike(x, e.compare('Equal', x, y));
    return e.mul(isLargest, e.div(view.gradient(), e.reduceSum(isLargest, axes, true)));
  });
}

export const maxPoolRules: GradientRules = new Map([
  ['MaxPool', rule(maxPoolBack)],
  ['GlobalMaxPool', rule(globalMaxPoolBack)],
]);
