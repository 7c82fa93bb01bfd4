import { frontAxis } from '../../expressions/expr.ts';
import type { GradientRules, NodeGradient } from '../gradient-rule.ts';
import { rule } from '../gradient-rule.ts';

/** Elements keep their order: the gradient takes the input's shape. */
const reshaped = rule((view) => view.give(0, () => view.e.reshape(view.gradient(), view.input(0).dims)));

/** Operators that move or copy whole elements and compute nothing. */
export const layoutRules: GradientRules = new Map([
  ['Flatten', reshaped],
  ['Reshape', reshaped],
  ['Squeeze', reshaped],
  ['Unsqueeze', reshaped],
  ['Transpose', rule(transposeBack)],
  ['Expand', rule((view) => view.give(0, () => view.e.unbroadcast(view.gradient(), view.input(0).dims)))],
  ['Tile', rule(tileBack)],
  ['Concat', rule(concatBack)],
  ['Split', rule(splitBack)],
  ['DepthToSpace', rule(depthToSpaceBack)],
  ['SpaceToDepth', rule(spaceToDepthBack)],
]);

function transposeBack(view: NodeGradient): void {
  const axes = [...view.input(0).dims.keys()];
  const perm = view.node.ints('perm') ?? axes.toReversed();
  const inverse = axes.map((axis) => perm.indexOf(axis));
  view.give(0, () => view.e.transpose(view.gradient(), inverse));
}

/** The copies along each axis become an axis of their own, which is summed up. */
function tileBack(view: NodeGradient): void {
  const { e } = view;
  const { dims } = view.input(0);
  const copies = view.output(0).dims.map((length, axis) => length / Math.max(1, dims[axis] ?? 1));
  const apart = dims.flatMap((dim, axis) => [copies[axis] ?? 1, dim]);
  const axes = [...dims.keys()].filter((axis) => copies[axis] !== 1).map((axis) => 2 * axis);
  view.give(0, () => e.reshape(e.reduceSum(e.reshape(view.gradient(), apart), axes), dims));
}

function concatBack(view: NodeGradient): void {
  const { e, node } = view;
  const axis = frontAxis(node.int('axis', 0), view.output(0).dims.length);
  let start = 0;
  for (const index of node.inputs.keys()) {
    const from = start;
    const end = from + (view.input(index).dims[axis] ?? 0);
    view.give(index, () => e.slice(view.gradient(), { axis, start: from, end }));
    start = end;
  }
}

/** An output that the loss does not depend on counts as zeros. */
function splitBack(view: NodeGradient): void {
  const { e, node } = view;
  const parts = [...node.outputs.keys()].filter((index) => node.output(index) !== null);
  view.give(0, () => {
    const [only, ...others] = parts;
    if (only !== undefined && others.length === 0) return view.gradient(only);
    return e.concat(
      parts.map((index) => view.gradient(index)),
      node.int('axis', 0),
    );
  });
}

/** Undoes what the specification writes as two reshapes and a transposition. */
function depthToSpaceBack(view: NodeGradient): void {
  const { e, node } = view;
  const block = node.int('blocksize', 1);
  const { dims } = view.input(0);
  const [batch = 1, depth = 1, height = 1, width = 1] = dims;
  const channels = depth / block ** 2;
  const isColumnsFirst = node.string('mode', 'DCR') === 'CRD';
  view.give(0, () => {
    const apart = e.reshape(view.gradient(), [batch, channels, height, block, width, block]);
    return e.reshape(e.transpose(apart, isColumnsFirst ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4]), dims);
  });
}

function spaceToDepthBack(view: NodeGradient): void {
  const { e, node } = view;
  const block = node.int('blocksize', 1);
  const { dims } = view.input(0);
  const [batch = 1, channels = 1, height = 1, width = 1] = dims;
  view.give(0, () => {
    const apart = e.reshape(view.gradient(), [batch, block, block, channels, height / block, width / block]);
    return e.reshape(e.transpose(apart, [0, 3, 4, 1, 5, 2]), dims);
  });
}
