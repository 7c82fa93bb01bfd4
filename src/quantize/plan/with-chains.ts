import type { Graph } from '../../onnx/graph.ts';
import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import { allGraphsOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import { clipRangeOf } from '../rewrite/clip-range.ts';
import { staticRuleOf } from '../rewrite/static-rules.ts';

/** Left in float by default: their results are too fine for 8 bits. */
const fineOps = ['Softmax'] as const;

/**
 * Adds to layers the nodes between them that onnxruntime computes with integers, where everything they read is made of
 * integers already and something that reads them wants integers: the data then stay integers from layer to layer.
 */
export function withChains(graph: Graph, layers: ReadonlySet<Node>, allowed: (node: Node) => boolean): Set<Node> {
  const chained = new Set(layers);
  const makesIntegers = (value: Value | null): boolean => {
    const producer = value?.producer ?? null;
    if (producer === null) return false;
    if (chained.has(producer)) return staticRuleOf(producer)?.needsOutput === true;
    return clipRangeOf(producer) !== null && makesIntegers(producer.input(0));
  };
  const graphs = [...allGraphsOf(graph)];
  for (const node of graphs.flatMap((each) => [...each.nodes()])) {
    const rule = staticRuleOf(node);
    if (rule === null || rule.kind === 'layer' || node.is(...fineOps) || !allowed(node)) continue;
    const inputs = rule.data.map((index) => node.input(index)).filter((value) => constantOf(value) === null);
    if (inputs.length > 0 && inputs.every(makesIntegers)) chained.add(node);
  }
  // Bodies first: what reads a value of the graph around them is settled then.
  for (const each of graphs.toReversed()) dropEnds(each, chained, layers);
  return chained;
}

/** Nodes at the end of a chain serve nobody. */
function dropEnds(graph: Graph, chained: Set<Node>, layers: ReadonlySet<Node>): void {
  const isRead = (value: Value | null): boolean =>
    value !== null &&
    value.uses.some(({ node }) => chained.has(node) || (clipRangeOf(node) !== null && isRead(node.output(0))));
  for (const node of graph.nodesBackward())
    if (chained.has(node) && !layers.has(node) && !node.outputs.some(isRead)) chained.delete(node);
}
