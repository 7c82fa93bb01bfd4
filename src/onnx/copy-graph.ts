import type { Attribute } from './attribute.ts';
import { Graph } from './graph.ts';
import type { Node } from './node.ts';
import type { Value } from './value.ts';

interface CopyOptions {
  /** Where in the graph the copies go; null is its end. */
  readonly before: Node | null;
  /**
   * What copies read instead of these values; null where they read nothing. Values that are not listed are read as they
   * are. Gets the new ones.
   */
  readonly values: Map<Value, Value | null>;
  /** Rewrites the attributes of nodes at every depth, such as references to a caller's; null leaves one out. */
  readonly attribute?: (attribute: Attribute) => Attribute | null;
  /** Names of the copies, before they are made unique; '' where a node has none. */
  readonly nodeName?: (name: string) => string;
}

type Rules = Omit<CopyOptions, 'before'>;

/**
 * Copies nodes, with the subgraphs in them, into a graph of this or another model and returns the copies in order.
 * Names of values and nodes are made unique in the receiving model; types and what the file says about them go along.
 */
export function copyNodes(nodes: Iterable<Node>, into: Graph, options: CopyOptions): readonly Node[] {
  // All values first: an unsorted graph may read one before it is made.
  const pairs = [...nodes].map((node) => ({ node, copy: define(node, into, options) }));
  for (const { node, copy } of pairs) connect(node, copy, options);
  return pairs.map(({ copy }) => copy);
}

function define(node: Node, into: Graph, { before, values, nodeName }: CopyOptions): Node {
  const { op, domain, info } = node;
  const name = into.names.uniqueNode(nodeName === undefined ? node.name : nodeName(node.name));
  const outputs = node.outputs.map((value) => value?.name ?? null);
  const copy = into.insertBefore(before, { op, domain, name, info, inputs: [], outputs });
  for (const [index, value] of node.outputs.entries()) {
    const made = copy.output(index);
    if (value !== null && made !== null) note(value, made, values);
  }
  return copy;
}

function note(value: Value, copy: Value, values: CopyOptions['values']): void {
  copy.setType(value.declaredType);
  copy.info = value.info;
  values.set(value, copy);
}

function connect(node: Node, copy: Node, rules: Rules): void {
  copy.setInputs(node.inputs.map((value) => value && mapped(value, rules)));
  for (const original of node.attributes.values()) {
    const attribute = rules.attribute === undefined ? original : rules.attribute(original);
    if (attribute === null) continue;
    const graphOf = (graph: Graph) => copyGraph(graph, new Graph(graph.name, copy.graph?.names), rules);
    if (attribute.kind === 'graph') copy.setAttribute({ ...attribute, value: graphOf(attribute.value) });
    else if (attribute.kind === 'graphs') copy.setAttribute({ ...attribute, value: attribute.value.map(graphOf) });
    else copy.setAttribute(attribute);
  }
}

function mapped(value: Value, { values }: Rules): Value | null {
  const copy = values.get(value);
  return copy === undefined ? value : copy;
}

/** Fields that name values, such as quantization annotations, stay behind: the copies have other names. */
function copyGraph(graph: Graph, copy: Graph, rules: Rules): Graph {
  const { docString, metadata } = graph.info;
  copy.info = { ...(docString !== undefined && { docString }), ...(metadata !== undefined && { metadata }) };
  for (const value of graph.inputs) {
    const input = copy.addInput(copy.names.unique(value.name), null);
    if (value.tensor !== null) copy.setInitializer(input, value.tensor);
    note(value, input, rules.values);
  }
  for (const value of graph.initializers) {
    if (value.isInput || value.tensor === null) continue;
    note(value, copy.addInitializer(value.name, value.tensor), rules.values);
  }
  copyNodes(graph.nodes(), copy, { ...rules, before: null });
  for (const value of graph.outputs) copy.addOutput(mapped(value, rules) ?? value);
  return copy;
}
