import type { GroupRule } from '../group-rule.ts';
import type { NodeTies } from '../node-ties.ts';
import { axisOf } from './axes-of.ts';

/** Each channel has numbers of its own. */
export const perChannel: GroupRule = (ties) => {
  const [x, y] = [ties.input(0), ties.output(0)];
  ties.broadcast(x, y);
  for (const value of ties.node.inputs.slice(1)) ties.tie([value, 0], [x, 1]);
  // In training mode there are statistics, too: nothing is pruned then.
  for (const value of ties.node.outputs.slice(1)) {
    ties.tie([value, 0], [x, 1]);
    ties.lockAll(value, 'unknown-operator');
  }
  ties.weight('follower', 1, 0);
};

/** The same, with the mean over the pixels of a channel. */
export const perInstance: GroupRule = (ties) => {
  perChannel(ties);
  for (let axis = 2; axis < ties.rank(ties.input(0)); axis++) ties.lock([ties.input(0), axis], 'normalized');
};

/** Over groups of channels, and all pixels of them. */
export const perGroup: GroupRule = (ties) => {
  const x = ties.input(0);
  ties.broadcast(x, ties.output(0));
  for (let axis = 1; axis < ties.rank(x); axis++) ties.lock([x, axis], 'normalized');
};

/** Over the axes from `axis` on. */
export const overLast: GroupRule = (ties) => {
  const [x, y] = [ties.input(0), ties.output(0)];
  const first = axisOf(ties, -1, ties.rank(x));
  for (const value of ties.node.inputs) ties.broadcast(value, y);
  for (const value of ties.node.outputs.slice(1)) ties.broadcast(value, y);
  normalize(
    ties,
    Array.from({ length: ties.rank(x) - first }, (_, index) => first + index),
  );
  ties.weight('follower', 1, ties.rank(ties.input(1)) - 1);
};

/** Adds another stream first; its sum may be an output too. */
export const overLastWithSkip: GroupRule = (ties) => {
  const y = ties.output(0);
  for (const value of ties.node.inputs) ties.broadcast(value, y);
  for (const value of ties.node.outputs.slice(1)) ties.broadcast(value, y);
  normalize(ties, [ties.rank(y) - 1]);
  ties.weight('follower', 2, 0);
};

/** Over the `axis`, each position by itself. */
export const overAxis: GroupRule = (ties) => {
  const x = ties.input(0);
  ties.broadcast(x, ties.output(0));
  ties.lock([x, axisOf(ties, -1, ties.rank(x))], 'normalized');
};

/** Over neighboring channels. */
export const overNeighbors: GroupRule = (ties) => {
  ties.broadcast(ties.input(0), ties.output(0));
  ties.lock([ties.input(0), 1], 'normalized');
};

export const meanAndVariance: GroupRule = (ties) => {
  ties.broadcast(ties.input(0), ties.output(0));
  ties.lockAxes(ties.input(0), ties.node.ints('axes') ?? [0, 2, 3], 'normalized');
};

/** What a norm is over may only be pruned where that is asked for, and only along a single axis at the end. */
export function normalize(ties: NodeTies, axes: readonly number[]): void {
  const x = ties.input(0);
  for (const axis of axes) ties.mark([x, axis], 'width');
  const isLast = axes.length === 1 && axes[0] === ties.rank(x) - 1;
  if (!ties.state.width || !isLast) ties.lockAxes(x, axes, 'normalized');
}
