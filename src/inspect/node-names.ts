import type { Graph } from '../onnx/graph.ts';
import type { Node } from '../onnx/node.ts';

/** A node's name, or what it makes where it has none. */
export function labelOf(node: Node): string {
  if (node.name !== '') return node.name;
  const output = node.outputs.find((value) => value !== null);
  return output?.name ?? node.op;
}

/** What a label says below its modules. */
export function lastPart(label: string): string {
  const part = label.slice(label.lastIndexOf('/') + 1);
  return part === '' ? label : part;
}

/** Parts of longer names are left out: no module is as deep. */
const mostParts = 16;

/** Modules that a node's name tells, as exporters write it: `/encoder/layer.0/MatMul`, else `encoder.0.MatMul`. */
export function modulesOf({ name, op }: Pick<Node, 'name' | 'op'>): readonly string[] {
  const parts = name.split(name.includes('/') ? '/' : '.', mostParts + 1).slice(0, -1);
  // Some number the nodes of an operator: `p2o.Conv.7`.
  if (parts.at(-1) === op) parts.pop();
  return parts.filter((part) => part !== '');
}

/** The modules that come after those of what is around. */
export function modulesWithin(modules: readonly string[], around: readonly string[]): readonly string[] {
  const end = modules.findIndex((part, index) => part !== around[index]);
  return end === -1 ? [] : modules.slice(end);
}

/** Whether names in a graph tell several modules: with a single one they tell as little as with none. */
export function tellsModules(graph: Graph, around: readonly string[]): boolean {
  let first: string | null = null;
  for (const node of graph.nodes()) {
    const path = modulesWithin(modulesOf(node), around).join('/');
    if (path !== '' && first !== null && path !== first) return true;
    if (path !== '') first = path;
  }
  return false;
}
