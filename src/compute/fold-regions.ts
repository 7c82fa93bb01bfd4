import type { Graph } from '../onnx/graph.ts';
import { Node } from '../onnx/node.ts';
import type { TensorInfo } from '../onnx/shape/tensor-info.ts';
import { readsOf } from '../onnx/traverse.ts';
import type { Value } from '../onnx/value.ts';
import { constantOf } from '../onnx/passes/constant-of.ts';
import type { FoldableNodes } from './foldable-nodes.ts';
import { resultBytes } from './result-bytes.ts';

/** Foldable nodes that hang together, and what folding them means for the file. */
export interface FoldRegion {
  readonly nodes: readonly Node[];
  /** Values that are read from outside: they become initializers. */
  readonly results: readonly Value[];
  /** Bytes of constants that nothing else needs. */
  readonly removedBytes: number;
  /** Bytes of `results`. */
  readonly addedBytes: number;
  /** Bytes that computing takes at most: constants read and everything made. */
  readonly workBytes: number;
}

/** Splits foldable nodes where no value connects them. */
export function foldRegions(
  graph: Graph,
  { nodes, known }: FoldableNodes,
  types: ReadonlyMap<Value, TensorInfo>,
): readonly FoldRegion[] {
  const sizeOf = (value: Value) => known.get(value)?.byteLength ?? resultBytes(value, types) ?? 0;
  return connected(nodes).map((members) => {
    const inside = new Set(members);
    const reads = new Set(members.flatMap((node) => (isTold(node, known) ? [] : [...readsOf(node)])));
    const outputs = members.flatMap((node) => node.outputs.filter((value) => value !== null));
    const results = outputs.filter((value) => isReadOutside(value, graph, inside));
    const removed = new Set(members.flatMap((node) => [...readsOf(node)]));
    return {
      nodes: members,
      results,
      removedBytes: sum([...removed].map((value) => (isReadOutside(value, graph, inside) ? 0 : constantBytes(value)))),
      addedBytes: sum(results.map(sizeOf)),
      workBytes: sum([...reads].map(constantBytes)) + sum(outputs.map(sizeOf)),
    };
  });
}

/** Whether a node need not run. */
export function isTold(node: Node, known: FoldableNodes['known']): boolean {
  return node.outputs.every((value) => value === null || value.isUnused || known.has(value));
}

/** Groups of nodes, each in the order given, by the values that run between them. */
function connected(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const parent = new Map(nodes.map((node) => [node, node]));
  const rootOf = (node: Node) => {
    let root = node;
    for (let up = parent.get(root); up !== undefined && up !== root; up = parent.get(root)) root = up;
    // Shortened, so that a chain of 100,000 nodes is not walked again and again.
    for (let at = node; at !== root;) {
      const next = parent.get(at) ?? root;
      parent.set(at, root);
      at = next;
    }
    return root;
  };
  for (const node of nodes) {
    for (const { producer } of readsOf(node))
      if (producer !== null && parent.has(producer)) parent.set(rootOf(node), rootOf(producer));
  }
  const groups = new Map<Node, Node[]>();
  for (const node of nodes) {
    const root = rootOf(node);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [node]);
    else group.push(node);
  }
  return [...groups.values()];
}

/** Whether a node that stays reads a value, or a graph returns it. */
function isReadOutside(value: Value, graph: Graph, inside: ReadonlySet<Node>): boolean {
  return value.isOutput || value.uses.some(({ node }) => !isWithin(node, graph, inside));
}

/** Whether a node, or the node of the graph whose subgraph it stands in, is one of these. */
function isWithin(node: Node, graph: Graph, inside: ReadonlySet<Node>): boolean {
  let at: Node | null = node;
  while (at !== null && at.graph !== graph) {
    const container: unknown = at.graph?.container;
    at = container instanceof Node ? container : null;
  }
  return at !== null && inside.has(at);
}

function constantBytes(value: Value): number {
  return value.isInput ? 0 : (constantOf(value)?.byteLength ?? 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
