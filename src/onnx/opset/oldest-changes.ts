import type { OperatorChange } from './operator-change.ts';

/** Version 6 broadcasts only when it is told to, and along an axis. Shapes that are equal mean the same ever since. */
export const ownBroadcasting: OperatorChange = {
  problem: (node) => (node.int('broadcast', 0) === 0 ? null : 'version 6 has a broadcasting of its own'),
  apply(node) {
    node.removeAttribute('broadcast');
    node.removeAttribute('axis');
  },
};

/** Version 6 trains unless `is_test` says not to. */
export const trainingByAttribute: OperatorChange = {
  problem: (node) => (node.int('is_test', 0) === 0 ? 'version 6 trains it' : null),
  apply: (node) => node.removeAttribute('is_test'),
};

/** Version 6 makes the whole sequence only when it is told to. */
export const sequenceByAttribute: OperatorChange = {
  apply: (node) => node.removeAttribute('output_sequence'),
};
