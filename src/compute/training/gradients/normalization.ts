import { elementCount } from '../../../onnx/dense-tensor.ts';
import type { Expr } from '../../expressions/expr.ts';
import { frontAxis } from '../../expressions/expr.ts';
import type { Expressions } from '../../expressions/expressions.ts';
import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';

/** An input normalized along the last axis: [groups, elements of a group]. */
interface Normalized {
  /** (x - mean) / deviation */
  readonly x: Expr;
  /** 1 / deviation, [groups, 1]. */
  readonly inverse: Expr;
}

/** onnxruntime's LayerNormalization passes over the data once for all of it. */
function normalize(e: Expressions, x: Expr, epsilon: number): Normalized {
  const [groups = 1, length = 1] = x.dims;
  const dims = [groups, 1];
  const ones = e.expand(e.scalar(1), [length]);
  const [normalized, , inverse] = e.ops('LayerNormalization', [x, ones], {
    attributes: { axis: -1, epsilon: { float: epsilon } },
    outputs: [x, { type: 'float32', dims }, { type: 'float32', dims }],
  });
  if (normalized === undefined || inverse === undefined) throw new RangeError('a LayerNormalization has three outputs');
  return { x: normalized, inverse };
}

/**
 * Through the mean and the deviation: what is left of the gradient along neither a constant nor the normalized input,
 * divided by the deviation (Ba, Kiros and Hinton, "Layer Normalization", 2016).
 */
function normalizedBack(e: Expressions, gradient: Expr, { x, inverse }: Normalized): Expr {
  const centered = e.sub(gradient, e.reduceMean(gradient, [1], true));
  const along = e.mul(x, e.reduceMean(e.mul(centered, x), [1], true));
  return e.mul(e.sub(centered, along), inverse);
}

interface Affine {
  /** The input as [groups, elements of a group]. */
  readonly groups: readonly number[];
  /** The input's shape as the scale and the bias are broadcast along it. */
  readonly view: readonly number[];
  /** Their shape in it. */
  readonly scale: readonly number[];
}

/** y = n·scale + bias with n the input normalized by groups. */
function groupwiseBack(view: NodeGradient, affine: Affine): void {
  const { e, node } = view;
  // Half precision is not enough for sums over groups.
  const [x, scale] = [e.cast(view.input(0), 'float32'), e.cast(view.input(1), 'float32')];
  const dy = e.reshape(e.cast(view.gradient(), 'float32'), affine.view);
  const normalized = normalize(e, e.reshape(x, affine.groups), node.float('epsilon', 1e-5));
  view.give(0, () => {
    const dn = e.mul(dy, e.reshape(scale, affine.scale));
    return e.reshape(normalizedBack(e, e.reshape(dn, affine.groups), normalized), x.dims);
  });
  view.give(1, () => {
    const product = e.mul(dy, e.reshape(normalized.x, affine.view));
    return e.reshape(e.unbroadcast(product, affine.scale), scale.dims);
  });
  if (view.hasInput(2)) view.give(2, () => e.reshape(e.unbroadcast(dy, affine.scale), view.input(2).dims));
}

function layerNormalizationBack(view: NodeGradient): void {
  const { dims } = view.input(0);
  const axis = frontAxis(view.node.int('axis', -1), dims.length);
  const groups = [elementCount(dims.slice(0, axis)), elementCount(dims.slice(axis))];
  groupwiseBack(view, { groups, view: dims, scale: view.input(1).dims });
}

/** y = n·scale with n = x / √(mean(x²) + ε), the mean over the last axes (Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019). */
function rmsNormalizationBack(view: NodeGradient): void {
  const { e, node } = view;
  const [x, scale] = [e.cast(view.input(0), 'float32'), e.cast(view.input(1), 'float32')];
  const dy = e.cast(view.gradient(), 'float32');
  const axis = frontAxis(node.int('axis', -1), x.dims.length);
  const axes = [...x.dims.keys()].slice(axis);
  const square = e.reduceMean(e.mul(x, x), axes, true);
  const inverse = e.map('Reciprocal', e.sqrt(e.add(square, node.float('epsilon', 1e-5))));
  const n = e.mul(x, inverse);
  view.give(0, () => {
    const dn = e.mul(dy, scale);
    return e.mul(e.sub(dn, e.mul(n, e.reduceMean(e.mul(dn, n), axes, true))), inverse);
  });
  view.give(1, () => e.unbroadcast(e.mul(dy, n), scale.dims));
}

function instanceNormalizationBack(view: NodeGradient): void {
  const { dims } = view.input(0);
  const [batch = 1, channels = 1, ...spatial] = dims;
  const length = elementCount(spatial);
  groupwiseBack(view, {
    groups: [batch * channels, length],
    view: [batch, channels, length],
    scale: [channels, 1],
  });
}

/** Operator set 18 has a scale for each group, 21 for each channel. */
function groupNormalizationBack(view: NodeGradient): void {
  const { dims } = view.input(0);
  const [batch = 1, channels = 1, ...spatial] = dims;
  const groups = view.node.int('num_groups', 1);
  const perGroup = channels / groups;
  const length = elementCount(spatial);
  const isByChannel = view.input(1).dims[0] === channels;
  groupwiseBack(view, {
    groups: [batch * groups, perGroup * length],
    view: [batch, groups, perGroup, length],
    scale: [groups, isByChannel ? perGroup : 1, 1],
  });
}

/** The mean and the deviation, which are outputs too, must not be used. */
function statisticsUsed({ node }: NodeGradient): string | null {
  const isUsed = node.outputs.slice(1).some((value) => value !== null && !value.isUnused);
  return isUsed ? 'its mean or deviation is used' : null;
}

export const normalizationRules: GradientRules = new Map([
  ['LayerNormalization', rule(layerNormalizationBack, statisticsUsed)],
  ['InstanceNormalization', rule(instanceNormalizationBack)],
  ['GroupNormalization', rule(groupNormalizationBack)],
  ['RMSNormalization', rule(rmsNormalizationBack)],
]);
