import { isFloatType } from '../../../onnx/data-type.ts';
import type { GroupRule } from '../group-rule.ts';
import type { NodeTies } from '../node-ties.ts';

/** Axes of a weight by what they are along. */
interface WeightAxes {
  readonly input: 0 | 1;
  readonly output: 0 | 1;
}

export const convolution: GroupRule = (ties) => tieConvolution(ties, { input: 1, output: 0 });

export const transposedConvolution: GroupRule = (ties) => tieConvolution(ties, { input: 0, output: 1 });

/** Input channels are summed over, output channels made; those of a grouped convolution go with their group. */
function tieConvolution(ties: NodeTies, axes: WeightAxes): void {
  const [x, weight, bias, y] = [ties.input(0), ties.input(1), ties.input(2), ties.output(0)];
  ties.tie([x, 0], [y, 0]);
  ties.mark([x, 1], 'pixels');
  for (let axis = 2; axis < ties.rank(x); axis++) ties.lockAxes(x, [axis], 'not-a-channel');
  for (let axis = 2; axis < ties.rank(y); axis++) ties.lockAxes(y, [axis], 'not-a-channel');
  ties.tie([bias, 0], [y, 1]);
  ties.mark([y, 1], 'channels');
  const constant = weight?.constant ?? null;
  if (constant === null || !isFloatType(constant.type)) {
    const reason = constant === null ? 'weight-not-constant' : 'weight-type';
    for (const value of [x, y]) ties.lock([value, 1], reason);
    ties.lockAll(weight, reason);
  } else if (ties.node.int('group', 1) > 1) tieGroups(ties, axes);
  else {
    ties.tie([x, 1], [weight, axes.input]);
    ties.tie([weight, axes.output], [y, 1]);
    ties.weight('consumer', 1, axes.input);
    ties.weight('producer', 1, axes.output);
  }
}

/** Axis 0 of the weight runs through the groups, axis 1 is inside one. */
function tieGroups(ties: NodeTies, axes: WeightAxes): void {
  const [x, weight, y] = [ties.input(0), ties.input(1), ties.output(0)];
  const group = ties.node.int('group', 1);
  const [inputs, outputs] = [ties.length([x, 1]) / group, ties.length([y, 1]) / group];
  ties.lock([weight, 1], 'uneven-groups');
  if (!Number.isInteger(inputs) || !Number.isInteger(outputs)) {
    for (const value of [x, y]) ties.lock([value, 1], 'uneven-groups');
    return;
  }
  const each = axes.output === 0 ? outputs : inputs;
  ties.tieBy([y, 1], [x, 1], (index) => Math.floor(index / outputs) * inputs);
  ties.tieWithin([x, 1], (index) => Math.floor(index / inputs));
  ties.tie([weight, 0], axes.output === 0 ? [y, 1] : [x, 1]);
  ties.weight('follower', 1, 0);
  ties.rewrite([weight, 0], (of) => {
    const count = ties.length([weight, 0]);
    return { kind: 'attribute', node: ties.node.name, attribute: 'group', index: null, of, from: 0, count, each };
  });
}
