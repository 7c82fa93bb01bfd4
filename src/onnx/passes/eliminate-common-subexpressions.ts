import type { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { randomOperators } from '../random-operators.ts';
import { topologicalOrder } from '../sort.ts';
import { allGraphs } from '../traverse.ts';
import type { Value } from '../value.ts';
import { attributeKey, sameAttributeTensors } from './attribute-key.ts';
import { redirect } from './redirect.ts';

/** Sets whose operators are functions of their inputs. */
const pureDomains: ReadonlySet<string> = new Set(['', 'ai.onnx', 'ai.onnx.ml']);

/**
 * Computes once what several nodes of one graph compute: the same operator on the same values with the same attributes
 * and as many outputs. What read the later node's outputs reads the first one's.
 *
 * Left alone: random operators and Dropout; nodes with subgraphs; operators of other domains and calls of functions,
 * which may be random inside; attributes with large tensors; equal nodes in different graphs; equal nodes that are both
 * returned by the graph, since both names must stay.
 */
export const eliminateCommonSubexpressions: PurePass = {
  name: 'eliminate-common-subexpressions',
  apply(model) {
    let changed = false;
    for (const graph of allGraphs(model)) if (mergeNodes(graph)) changed = true;
    return changed;
  },
};

function mergeNodes(graph: Graph): boolean {
  const found = new Map<string, Node[]>();
  const numbers = new Numbers();
  let changed = false;
  for (const node of topologicalOrder(graph)) {
    const key = keyOf(node, numbers);
    if (key === null) continue;
    const same = found.get(key) ?? [];
    const first = same.find((other) => sameTensors(other, node));
    if (first === undefined) found.set(key, [...same, node]);
    else if (merge(node, first)) changed = true;
  }
  return changed;
}

function merge(node: Node, first: Node): boolean {
  let changed = false;
  for (const [index, value] of node.outputs.entries()) {
    const same = first.output(index);
    if (value !== null && same !== null && redirect(value, same)) changed = true;
  }
  if (changed && node.outputs.every((value) => value === null || value.isUnused)) node.graph?.remove(node);
  return changed;
}

/** What two nodes must share to compute the same; null for one that is not compared. */
function keyOf(node: Node, numbers: Numbers): string | null {
  if (!pureDomains.has(node.domain) || node.is('Dropout', ...randomOperators)) return null;
  const attributes: string[] = [];
  for (const attribute of node.attributes.values()) {
    const key = attributeKey(attribute);
    if (key === null) return null;
    attributes.push(key);
  }
  const inputs = node.inputs.map((value) => (value === null ? '' : numbers.of(value)));
  const outputs = node.outputs.map((value) => (value === null ? '' : '+'));
  const domain = node.is(node.op) ? '' : node.domain;
  return JSON.stringify([domain, node.op, inputs, outputs, attributes.toSorted()]);
}

function sameTensors(a: Node, b: Node): boolean {
  for (const attribute of b.attributes.values()) {
    if (!sameAttributeTensors(a.attributes.get(attribute.name), attribute)) return false;
  }
  return true;
}

/** A number for every value met: names may repeat across graphs. */
class Numbers {
  readonly #numbers = new Map<Value, number>();

  of(value: Value): number {
    const number = this.#numbers.get(value) ?? this.#numbers.size;
    this.#numbers.set(value, number);
    return number;
  }
}
