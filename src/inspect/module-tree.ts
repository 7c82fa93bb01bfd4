import type { Node } from '../onnx/node.ts';
import type { Value } from '../onnx/value.ts';
import type { Inspection } from './inspect-result.ts';
import type { CostCounter } from './model-cost.ts';
import { operatorName } from './model-cost.ts';
import { tensorOfNode } from './parameters.ts';
import type { PlacedNode } from './placed-nodes.ts';
import type { TreeGroup, TreeItem } from './tree-groups.ts';
import { groupsOf, itemsInside, outputShapeOf } from './tree-groups.ts';

/** A tree of more rows is cut: what is left out is counted in the rows above. */
const mostRows = 500;
/** Rows below one row. */
const mostSiblings = 100;
/** Rows deeper than this are not listed: a hostile name must not make a level of each character. */
const mostDepth = 24;

/**
 * Nodes gathered by the modules that their names tell, then by operator; in order where names tell nothing. What is
 * inside a node that runs others is shown below it with what one round of it costs; the node itself has the whole.
 * `rows` are listed at least.
 */
export function moduleTree(nodes: readonly PlacedNode[], costs: CostCounter, rows: number): Inspection['tree'] {
  const seen = new Set<Value>();
  const running = nodes.filter(({ node }) => !node.is('Constant'));
  const items = running.map((placed) => ({
    placed,
    macs: costs.node(placed.node, placed.scope).macs,
    constantBytes: constantBytesOf(placed.node, seen),
  }));
  const branches = branchesOf(items, { rows: Math.max(rows, mostRows), siblings: Math.max(rows, mostSiblings) });
  return { nodes: items.length, rows: branches.flatMap((branch) => rowsOf(branch, 1)) };
}

/** Bytes of the constants a node is the first to read. */
function constantBytesOf(node: Node, seen: Set<Value>): number {
  let bytes = 0;
  for (const value of node.inputs) {
    if (value === null || seen.has(value)) continue;
    const tensor = value.tensor ?? (value.producer?.is('Constant') === true ? tensorOfNode(value.producer) : null);
    if (tensor === null) continue;
    seen.add(value);
    bytes += tensor.byteLength;
  }
  return bytes;
}

interface Branch {
  readonly group: TreeGroup;
  children: readonly Branch[];
}

/** Level by level as long as rows are left, so that a tree that is cut still shows all of its top. */
function branchesOf(items: readonly TreeItem[], most: { rows: number; readonly siblings: number }): readonly Branch[] {
  const top = open(items, 0, most);
  let level = top;
  for (let depth = 1; depth < mostDepth && level.length > 0; depth++) {
    for (const branch of level) branch.children = open(itemsInside(branch.group, depth - 1), depth, most);
    level = level.flatMap(({ children }) => children);
  }
  return top;
}

/** The rows below one, taken off `most.rows`. */
function open(
  items: readonly TreeItem[],
  depth: number,
  most: { rows: number; readonly siblings: number },
): readonly Branch[] {
  if (most.rows === 0 || items.length === 0) return [];
  const groups = groupsOf(items, depth).slice(0, Math.min(most.rows, most.siblings));
  most.rows -= groups.length;
  return groups.map((group) => ({ group, children: [] }));
}

function rowsOf({ group, children }: Branch, depth: number): Inspection['tree']['rows'] {
  const { kind, name, head, items, macs, constantBytes } = group;
  const shape = outputShapeOf(group);
  const row = {
    depth,
    kind,
    name,
    operator: head === null ? (kind === 'operator' ? name : null) : operatorName(head.placed.node),
    outputShape: shape && [...shape],
    nodes: items.length,
    macs,
    constantBytes,
  };
  return [row, ...children.flatMap((child) => rowsOf(child, depth + 1))];
}
