import type { Graph } from './graph.ts';
import type { Model } from './model.ts';
import { Node } from './node.ts';
import { allGraphs } from './traverse.ts';
import type { Value } from './value.ts';

/** The graph contradicts itself: a bug in whatever edited it last, and so none of the errors that users cause. */
class GraphCheckError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the graph is broken: ${problems.slice(0, 5).join('; ')}`);
    this.name = 'GraphCheckError';
    this.problems = problems;
  }
}

/**
 * Checks everything that must hold after an edit: lists and def-use chains agree in both directions, every value is
 * made once and before it is read, names lead to the value that is meant. Throws GraphCheckError.
 */
export function checkGraph(model: Model): void {
  const problems = findGraphProblems(model);
  if (problems.length > 0) throw new GraphCheckError(problems);
}

interface Scope {
  readonly names: ReadonlyMap<string, Value>;
  /** Position of each node in its graph. */
  readonly order: ReadonlyMap<Node, number>;
}

/** What {@link checkGraph} would complain about. */
function findGraphProblems(model: Model): readonly string[] {
  const problems: string[] = [];
  const scopes = new Map<Graph, Scope>();
  for (const graph of allGraphs(model)) scopes.set(graph, { names: namesOf(graph, problems), order: orderOf(graph) });
  for (const graph of scopes.keys()) {
    checkList(graph, problems);
    checkEnds(graph, problems);
    for (const node of graph.nodes()) checkNode(node, { graph, scopes, problems });
  }
  return problems;
}

function orderOf(graph: Graph): ReadonlyMap<Node, number> {
  return new Map([...graph.nodes()].map((node, index) => [node, index]));
}

function namesOf(graph: Graph, problems: string[]): ReadonlyMap<string, Value> {
  const names = new Map<string, Value>();
  const add = (value: Value) => {
    const other = names.get(value.name);
    if (other !== undefined && other !== value) problems.push(`two values are called '${value.name}'`);
    names.set(value.name, value);
  };
  for (const value of graph.inputs) add(value);
  for (const value of graph.initializers) add(value);
  for (const node of graph.nodes()) for (const value of node.outputs) if (value !== null) add(value);
  return names;
}

function checkList(graph: Graph, problems: string[]): void {
  let count = 0;
  let previous: Node | null = null;
  for (let node = graph.firstNode; node !== null; node = node.links.next) {
    if (node.links.previous !== previous) problems.push(`the list is torn before ${labelOf(node)}`);
    if (node.graph !== graph) problems.push(`${labelOf(node)} is listed in a graph it is not in`);
    previous = node;
    count++;
  }
  if (graph.lastNode !== previous) problems.push(`graph '${graph.name}' has a wrong last node`);
  if (graph.nodeCount !== count) problems.push(`graph '${graph.name}' counts ${graph.nodeCount} nodes of ${count}`);
}

function checkEnds(graph: Graph, problems: string[]): void {
  for (const value of graph.inputs) {
    if (!value.isInput) problems.push(`input '${value.name}' does not know that it is one`);
    if (value.producer !== null) problems.push(`input '${value.name}' is made by ${labelOf(value.producer)}`);
    checkUses(value, problems);
  }
  for (const value of graph.initializers) {
    if (!value.isInitializer) problems.push(`initializer '${value.name}' has no data`);
    if (value.producer !== null) problems.push(`initializer '${value.name}' is made by ${labelOf(value.producer)}`);
    checkUses(value, problems);
  }
  for (const value of graph.outputs) {
    if (!value.isOutput) problems.push(`output '${value.name}' does not know that it is one`);
    if (value.graph === graph && value.producer === null && !value.isInput && !value.isInitializer)
      problems.push(`nothing makes output '${value.name}'`);
  }
}

interface NodeCheck {
  readonly graph: Graph;
  readonly scopes: ReadonlyMap<Graph, Scope>;
  readonly problems: string[];
}

function checkNode(node: Node, { graph, scopes, problems }: NodeCheck): void {
  for (const [index, value] of node.inputs.entries()) {
    if (value === null) continue;
    if (!node.isLinked(index)) problems.push(`'${value.name}' does not know that ${labelOf(node)} reads it`);
    checkReach(node, value, { graph, scopes, problems });
  }
  for (const value of node.outputs) {
    if (value === null) continue;
    if (value.producer !== node || value.graph !== graph)
      problems.push(`'${value.name}' does not know that ${labelOf(node)} makes it`);
    checkUses(value, problems);
  }
  for (const subgraph of node.subgraphs) {
    if (subgraph.container !== node) problems.push(`a subgraph of ${labelOf(node)} does not know where it is`);
  }
}

/** The value must be found, by its name, from where the node stands, and be made before the node runs. */
function checkReach(node: Node, value: Value, { graph, scopes, problems }: NodeCheck): void {
  let at: Node | null = node;
  let scope: Graph | null = graph;
  while (scope !== null && scope !== value.graph) {
    if (scopes.get(scope)?.names.has(value.name) === true)
      problems.push(`'${value.name}', read by ${labelOf(node)}, is hidden by another value of that name`);
    at = ownerOf(scope);
    scope = scope.parent;
  }
  const found = scope === null ? undefined : scopes.get(scope);
  if (found === undefined || found.names.get(value.name) !== value) {
    problems.push(`${labelOf(node)} reads '${value.name}', which nothing makes there`);
  } else if (value.producer !== null && at !== null) {
    if ((found.order.get(value.producer) ?? Infinity) >= (found.order.get(at) ?? -1))
      problems.push(`${labelOf(node)} reads '${value.name}' before it is made`);
  }
}

/** The node that holds a subgraph. */
function ownerOf(graph: Graph): Node | null {
  return graph.container instanceof Node ? graph.container : null;
}

function checkUses(value: Value, problems: string[]): void {
  for (const { node, index } of value.uses) {
    if (node.graph === null || node.input(index) !== value)
      problems.push(`'${value.name}' believes that ${labelOf(node)} reads it`);
  }
}

function labelOf(node: Node): string {
  return `${node.op} '${node.name === '' ? `-> ${node.output(0)?.name ?? ''}` : node.name}'`;
}
