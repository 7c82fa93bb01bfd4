import type { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { isClose } from './constant-operation.ts';
import { rewriteNodes } from './rewrite-nodes.ts';

/** Operator set that has HardSwish, with alpha 1/6 and beta 0.5. */
const hardSwishOpset = 14;

/**
 * `x * HardSigmoid(x)` with alpha 1/6 and beta 0.5 becomes `HardSwish(x)`, as ONNX defines it. HardSigmoids that are
 * spelled out are found by `fuse-hard-sigmoid`.
 *
 * Left alone: other slopes; a HardSigmoid that somebody else reads or the graph returns; operator sets before 14;
 * function bodies.
 */
export const fuseHardSwish: PurePass = {
  name: 'fuse-hard-swish',
  apply: (model) =>
    rewriteNodes(model, (node, graph) => node.is('HardSigmoid') && fuse(graph, node), { since: hardSwishOpset }),
};

function fuse(graph: Graph, ramp: Node): boolean {
  const [input, output] = [ramp.input(0), ramp.output(0)];
  const product = output?.onlyUser;
  if (!input || !output || !product?.is('Mul') || product.graph !== graph) return false;
  if (!isClose(ramp.float('alpha', 0.2), 1 / 6) || ramp.float('beta', 0.5) !== 0.5) return false;
  if (product.inputs.length !== 2 || !product.inputs.includes(input)) return false;
  product.setInputs([input]);
  product.setOp('HardSwish');
  graph.remove(ramp);
  return true;
}
