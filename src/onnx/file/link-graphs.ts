import { Node } from '../node.ts';
import { CycleError, topologicalOrder } from '../sort.ts';
import type { Value } from '../value.ts';
import { describe } from './graph-scope.ts';
import type { GraphScope } from './graph-scope.ts';
import type { ReadContext } from './read-context.ts';
import { invalid } from './read-context.ts';

/**
 * Links every node of some graphs, read with all graphs inside them, to the values it reads. Throws ModelError for a
 * name that nothing makes and for nodes that need each other in a circle.
 */
export function linkGraphs(context: ReadContext, scopes: readonly GraphScope[]): void {
  const positions = new Map<Node, number>();
  for (const { nodes } of scopes) for (const [index, { node }] of nodes.entries()) positions.set(node, index);
  const unsorted = new Set<GraphScope>();
  for (const scope of scopes) {
    const link = { context, scope, positions, unsorted };
    linkNodes(link);
    linkOutputs(link);
    linkInfos(scope);
  }
  for (const { graph } of unsorted) refuseCycles(context, () => topologicalOrder(graph));
  // Last: linking says of everything that it is not as it was read.
  for (const scope of scopes) {
    for (const { node, origin } of scope.nodes) node.origin = origin;
    scope.graph.origin = scope.origin;
  }
}

interface Link {
  readonly context: ReadContext;
  readonly scope: GraphScope;
  readonly positions: ReadonlyMap<Node, number>;
  /** Graphs in which something is read before it is made. */
  readonly unsorted: Set<GraphScope>;
}

function linkNodes(link: Link): void {
  const { context, scope } = link;
  for (const { node, inputs } of scope.nodes) {
    if (inputs.length === 0) continue;
    const values = inputs.map((name) => {
      if (name === '') return null;
      const value = scope.find(name);
      if (value === null) throw invalid(context, labelOf(node), `it reads '${name}', which nothing makes`);
      noteOrder(link, value, node);
      return value;
    });
    node.setInputs(values);
  }
}

function linkOutputs(link: Link): void {
  const { context, scope } = link;
  for (const output of scope.outputs) {
    const value = scope.find(output.name);
    if (value === null) throw invalid(context, `output '${output.name}'`, 'nothing makes it');
    scope.graph.addOutput(value);
    if (value.graph === scope.graph) describe(value, output);
    else noteOrder(link, value, null);
  }
}

function linkInfos(scope: GraphScope): void {
  for (const info of scope.infos) {
    const value = scope.own(info.name);
    if (value !== null) describe(value, info);
  }
}

/** Finds the node of the value's own graph in which it is read, and compares their places. */
function noteOrder({ scope, positions, unsorted }: Link, value: Value, reader: Node | null): void {
  if (value.producer === null) return;
  let at = reader;
  let inside: GraphScope | null = scope;
  while (inside !== null && inside.graph !== value.graph) {
    at = inside.graph.container instanceof Node ? inside.graph.container : null;
    inside = inside.parent;
  }
  if (inside === null || at === null) return;
  if ((positions.get(value.producer) ?? 0) >= (positions.get(at) ?? 0)) unsorted.add(inside);
}

function refuseCycles(context: ReadContext, sort: () => void): void {
  try {
    sort();
  } catch (error) {
    if (!(error instanceof CycleError)) throw error;
    throw invalid(context, labelOf(error.node), 'it needs its own output: nodes form a circle');
  }
}

function labelOf(node: Node): string {
  return node.name === '' ? `node '-> ${node.output(0)?.name ?? ''}' (${node.op})` : `node '${node.name}'`;
}
