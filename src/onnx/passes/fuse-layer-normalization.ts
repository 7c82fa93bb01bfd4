import { attributeOf } from '../attribute.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import type { Value } from '../value.ts';
import { listOf } from './constant-of.ts';
import { constantOperationOf, scalarOperandOf } from './constant-operation.ts';
import type { ShapeOf } from './inferred-shapes.ts';
import { inferredShapes } from './inferred-shapes.ts';
import { replacePattern } from './replace-pattern.ts';
import { rewriteNodes } from './rewrite-nodes.ts';

/** Operator set that has LayerNormalization. */
const layerNormalizationOpset = 17;

/**
 * Layer normalization that is spelled out becomes one LayerNormalization: with `d = x - ReduceMean(x)`,
 * `d / Sqrt(ReduceMean(d * d) + epsilon) * gamma + beta` over the last axes, `d * d` also as `Pow(d, 2)`, without beta
 * too (J. L. Ba et al., Layer Normalization, 2016).
 *
 * Left alone: other types than float32; means over other axes, or without `keepdims`; x whose last axes are not known;
 * gamma and beta that are not constant or not of the normalized axes' shape; a missing gamma; a step that somebody else
 * reads or the graph returns; operator sets before 17, which have no such operator; function bodies.
 */
export const fuseLayerNormalization: PurePass = {
  name: 'fuse-layer-normalization',
  apply(model) {
    const shapeOf = inferredShapes(model);
    return rewriteNodes(model, (node) => node.is('Div') && fuse(node, shapeOf), { since: layerNormalizationOpset });
  },
};

function fuse(division: Node, shapeOf: ShapeOf): boolean {
  const core = normalizationOf(division, shapeOf);
  const scale = core && affineStep(division, { op: 'Mul', dims: core.dims });
  if (core === null || scale === null) return false;
  const shift = affineStep(scale.node, { op: 'Add', dims: core.dims });
  const tail = shift === null ? [scale.node] : [shift.node, scale.node];
  return replacePattern(
    { root: tail[0] ?? scale.node, nodes: [...tail, ...core.nodes] },
    {
      op: 'LayerNormalization',
      inputs: shift === null ? [core.input, scale.constant] : [core.input, scale.constant, shift.constant],
      attributes: [attributeOf.int('axis', -core.dims.length), attributeOf.float('epsilon', core.epsilon)],
    },
  );
}

interface Normalization {
  readonly input: Value;
  readonly epsilon: number;
  /** Lengths of the normalized axes. */
  readonly dims: readonly number[];
  /** Readers first. */
  readonly nodes: readonly Node[];
}

/** What `d / Sqrt(ReduceMean(d * d) + epsilon)` normalizes. */
function normalizationOf(division: Node, shapeOf: ShapeOf): Normalization | null {
  const centered = division.input(0);
  const root = division.input(1)?.producer;
  const sum = root?.is('Sqrt') ? root.input(0)?.producer : null;
  const variance = sum?.is('Add') ? (constantOperationOf(sum)?.input ?? null) : null;
  const [square, subtraction] = [meanInput(variance)?.producer, centered?.producer];
  const input = subtraction?.is('Sub') ? subtraction.input(0) : null;
  if (!root || !sum || !variance?.producer || !square || !centered || !subtraction || !input) return null;
  const mean = subtraction.input(1)?.producer;
  const epsilon = scalarOperandOf(sum, variance, shapeOf);
  if (!mean || meanInput(subtraction.input(1)) !== input || !isSquareOf(square, centered, shapeOf)) return null;
  const dims = lastAxesOf([mean, variance.producer], shapeOf(input));
  if (epsilon === null || dims === null) return null;
  return { input, epsilon, dims, nodes: [division, root, sum, variance.producer, square, subtraction, mean] };
}

/** What a ReduceMean that keeps its axes reads. */
function meanInput(value: Value | null): Value | null {
  const mean = value?.producer;
  return mean?.is('ReduceMean') && mean.int('keepdims', 1) === 1 ? mean.input(0) : null;
}

function isSquareOf(node: Node, value: Value, shapeOf: ShapeOf): boolean {
  if (node.is('Mul')) return node.input(0) === value && node.input(1) === value;
  return node.is('Pow') && node.input(0) === value && scalarOperandOf(node, value, shapeOf) === 2;
}

/** Lengths of the axes that both means are over, where these are the last ones and their lengths are known. */
function lastAxesOf(means: readonly Node[], shape: ReturnType<ShapeOf>): readonly number[] | null {
  if (shape === null) return null;
  const counts = means.map((mean) => {
    const axes = listOf(mean, { attribute: 'axes', input: 1, absent: null });
    const places = axes?.map((axis) => Number(axis < 0n ? axis + BigInt(shape.length) : axis)) ?? [];
    const wanted = new Set(places.map((_, index) => shape.length - 1 - index));
    return places.every((place) => wanted.delete(place)) ? places.length : 0;
  });
  const [count = 0, other] = counts;
  const dims = shape.slice(shape.length - count).filter((dim) => typeof dim === 'number');
  return count > 0 && count === other && dims.length === count ? dims : null;
}

interface AffineStep {
  readonly node: Node;
  readonly constant: Value;
}

/** The node behind another that multiplies by, or adds, a constant of the normalized axes' shape. */
function affineStep(
  before: Node,
  { op, dims }: { readonly op: 'Mul' | 'Add'; readonly dims: readonly number[] },
): AffineStep | null {
  const node = before.output(0)?.onlyUser;
  const operation = node?.is(op) ? constantOperationOf(node) : null;
  if (!node || operation?.input !== before.output(0)) return null;
  const constant = node.input(operation.constantIndex);
  const { type, dims: own } = operation.constant;
  const isSameShape = own.length === dims.length && own.every((dim, axis) => dim === dims[axis]);
  return constant !== null && type === 'float32' && isSameShape ? { node, constant } : null;
}
