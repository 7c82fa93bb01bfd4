import type { Dimension } from '../value-type.ts';
import { lengthOrNull } from './dimension.ts';
import type { NodeView, Rule } from './node-view.ts';
import { tensorInfo } from './tensor-info.ts';

/** Lengths of a recurrent layer's axes. */
export interface RecurrentAxes {
  readonly sequence: Dimension;
  readonly batch: Dimension;
  readonly input: Dimension;
  readonly hidden: Dimension;
  readonly directions: number;
}

/** Axes of LSTM, GRU and RNN: X is `[sequence, batch, input]`, or batch first with `layout` 1. */
export function recurrentAxes(node: NodeView): RecurrentAxes {
  const x = node.shape(0);
  const [sequence, batch] = node.int('layout', 0) === 0 ? [0, 1] : [1, 0];
  const given = node.int('hidden_size', -1);
  return {
    sequence: x?.[sequence] ?? null,
    batch: x?.[batch] ?? null,
    input: x?.[2] ?? null,
    hidden: given > 0 ? lengthOrNull(given) : (node.shape(2)?.[2] ?? null),
    directions: node.string('direction', 'forward') === 'bidirectional' ? 2 : 1,
  };
}

/** Y, Y_h and Y_c (which only LSTM has). */
export const recurrent: Rule = (node) => {
  const { sequence, batch, hidden, directions } = recurrentAxes(node);
  const type = node.type(0);
  const isBatchFirst = node.int('layout', 0) !== 0;
  const all = isBatchFirst ? [batch, sequence, directions, hidden] : [sequence, directions, batch, hidden];
  const last = tensorInfo(type, isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden]);
  return [tensorInfo(type, all), last, last];
};
