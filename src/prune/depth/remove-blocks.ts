import type { Graph } from '../../onnx/graph.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { redirect } from '../../onnx/passes/redirect.ts';
import { removeDeadNodes } from '../../onnx/passes/remove-dead-nodes.ts';
import { removeUnusedInitializers } from '../../onnx/passes/remove-unused-initializers.ts';
import { valuesOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import type { ResidualBlock } from './residual-block.ts';

interface Ends {
  readonly input: Value;
  readonly output: Value;
  /** Makes the output. */
  readonly last: Node;
}

/**
 * Takes blocks out, in place: whoever read a block's output reads its input, and what nobody needs any more goes.
 * Inputs and outputs of the model keep name, order and type.
 * @throws RangeError for a block that is locked or that the model does not have; nothing has changed then
 */
export function removeBlocks(model: Model, blocks: readonly ResidualBlock[]): void {
  const { graph } = model;
  const order = new Map([...graph.nodes()].map((node, index) => [node, index]));
  const place = ({ last }: Ends) => order.get(last) ?? 0;
  // From the last to the first: the input of one is the output of another, which must still be there.
  const all = endsOf(graph, blocks).toSorted((a, b) => place(b) - place(a));
  for (const ends of all) bypass(graph, ends);
  removeDeadNodes.apply(model);
  removeUnusedInitializers.apply(model);
}

function endsOf(graph: Graph, blocks: readonly ResidualBlock[]): readonly Ends[] {
  const values = new Map([...valuesOf(graph)].map((value) => [value.name, value]));
  return blocks.map(({ name, input, output, lock }) => {
    if (lock !== null) throw new RangeError(`block '${name}' is locked: ${lock}`);
    const ends = { input: values.get(input), output: values.get(output) };
    const last = ends.output?.producer ?? null;
    if (ends.input === undefined || ends.output === undefined || last === null)
      throw new RangeError(`the model has no block from '${input}' to '${output}'`);
    return { input: ends.input, output: ends.output, last };
  });
}

function bypass(graph: Graph, { input, output, last }: Ends): void {
  if (redirect(output, input)) return;
  // A graph cannot return one value under two names, or an input of its own.
  const copy = graph.insertBefore(last, {
    op: 'Identity',
    name: graph.names.uniqueNode(`${output.name}_skipped`),
    inputs: [input],
    outputs: [`${output.name}_skipped`],
  });
  const value = copy.output(0);
  if (value === null || !redirect(output, value)) throw new RangeError(`'${output.name}' cannot be redirected`);
}
