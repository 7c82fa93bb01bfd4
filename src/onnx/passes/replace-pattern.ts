import type { NodeSpec } from '../graph-spec.ts';
import type { Node } from '../node.ts';
import { redirect } from './redirect.ts';

/** Nodes that one new node does the work of. */
export interface Pattern {
  /** The last of them, whose output the new node makes. */
  readonly root: Node;
  /** All of them, readers before what they read. */
  readonly nodes: readonly Node[];
}

/**
 * Puts one node in the place of several. Refused, with nothing changed, when somebody else reads what one of them makes
 * or a graph returns it (the root apart), when they are not all in one graph, or when the new node could not take over
 * the name of an output.
 */
export function replacePattern({ root, nodes }: Pattern, spec: Omit<NodeSpec, 'outputs'>): boolean {
  const { graph } = root;
  const wanted = root.output(0);
  if (graph === null || wanted === null || !isClosed({ root, nodes })) return false;
  const made = graph.insertBefore(root, { name: root.name, ...spec, outputs: [wanted.name] });
  const output = made.output(0);
  if (output === null || !redirect(wanted, output)) {
    graph.remove(made);
    return false;
  }
  for (const node of nodes) graph.remove(node);
  return true;
}

function isClosed({ root, nodes }: Pattern): boolean {
  const inside = new Set(nodes);
  return nodes.every((node) => {
    if (node.graph !== root.graph || node.outputs.length !== 1) return false;
    const output = node.output(0);
    if (node === root || output === null) return node === root;
    // A node has two slots at most here: more uses are others', and need no list of them.
    const isInside = output.useCount <= 2 * inside.size && output.uses.every((use) => inside.has(use.node));
    return isInside && !output.isOutput;
  });
}
