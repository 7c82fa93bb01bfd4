import type { GroupRule } from '../group-rule.ts';
import { lockNode } from './locking.ts';

/** Every element of the outputs is made of those at its own place, as numpy broadcasts. */
export const elementwise: GroupRule = (ties) => {
  // Before opset 7 operands were aligned in other ways.
  if (ties.state.opset < 7 && ties.node.inputs.length > 1) {
    lockNode(ties, 'unknown-operator');
    return;
  }
  const [first, ...others] = ties.node.outputs;
  for (const value of ties.node.inputs) ties.broadcast(value, first ?? null);
  for (const value of others) ties.broadcast(value, first ?? null);
};

/** The same for the first input alone: the others say how, not what. */
export const ofFirstInput: GroupRule = (ties) => ties.broadcast(ties.input(0), ties.output(0));
