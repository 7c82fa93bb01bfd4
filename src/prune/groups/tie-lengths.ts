import type { Value } from '../../onnx/value.ts';
import { keyOf } from './computed-lengths.ts';
import type { Axis, NodeTies } from './node-ties.ts';
import type { Literal } from './shape-contents.ts';

export interface LengthsOf {
  /** The value that the shape is of. */
  readonly output: Value | null;
  /** The axes that the entries are for, in order. */
  readonly axes: readonly number[];
  /** Where an entry 0 takes the length from; null where 0 is no sign. */
  readonly copied: Value | null;
}

/**
 * What a shape says of the value it is for: numbers change with the axes whose lengths they are, lengths of other axes
 * are those of the same indices, and what is computed in another way has to stay.
 */
export function tieLengths(ties: NodeTies, shape: Value | null, { output, axes, copied }: LengthsOf): void {
  const content = shape === null ? null : ties.state.contents.of(shape);
  for (const [position, axis] of axes.entries()) {
    const entry = content?.[position] ?? null;
    if (entry === null) ties.lock([output, axis], 'computed-shape');
    else if (entry.kind === 'length') ties.tie([entry.value, entry.axis], [output, axis]);
    else if (entry.amount === 0) ties.tie([copied, axis], [output, axis]);
    else if (entry.amount === ties.length([output, axis])) noteLength(ties, entry, [output, axis]);
  }
}

/** A number that two axes are as long as ties them. */
function noteLength(ties: NodeTies, entry: Literal, axis: Axis): void {
  const { constant, index } = entry;
  const key = keyOf(entry);
  const other = ties.state.lengths.get(key);
  if (other !== undefined) ties.tie([other.value, other.axis], axis);
  const [value, at] = axis;
  const own = value === null ? null : ties.state.axes.of(value, at);
  if (own !== null) ties.state.lengths.set(key, own);
  ties.rewrite(axis, (of) => ({ kind: 'length', constant: constant.name, index, of }));
}
