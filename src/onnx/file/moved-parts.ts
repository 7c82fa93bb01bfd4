import type { Attribute } from '../attribute.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import type { Graph } from '../graph.ts';
import type { Model } from '../model.ts';
import type { Node } from '../node.ts';
import type { SparseTensor, Tensor } from '../tensor.ts';
import type { Layout } from './layout.ts';

/** A layout from places alone: what holds a tensor that does not stay where it is, is found by a walk. */
export function layoutOf(model: Model, place: Layout['place']): Layout {
  const moved = movedParts(model, (tensor) => place(tensor) !== 'kept');
  return { place, isMoved: (part) => moved.has(part) };
}

type Part = Graph | Node | FunctionDefinition;

interface Walk {
  readonly isMoved: (tensor: Tensor) => boolean;
  readonly moved: Set<Part>;
}

function movedParts(model: Model, isMoved: Walk['isMoved']): ReadonlySet<Part> {
  const walk: Walk = { isMoved, moved: new Set() };
  markGraph(model.graph, walk);
  for (const definition of model.functions) {
    const inBody = markGraph(definition.body, walk);
    const inDefaults = markAttributes(definition.attributeDefaults, walk);
    if (inBody || inDefaults) walk.moved.add(definition);
  }
  return walk.moved;
}

function markGraph(graph: Graph, walk: Walk): boolean {
  let found = false;
  for (const { tensor } of graph.initializers) if (tensor !== null && isMoved(tensor, walk)) found = true;
  for (const node of graph.nodes()) {
    if (node.attributes.size === 0 || !markAttributes(node.attributes.values(), walk)) continue;
    walk.moved.add(node);
    found = true;
  }
  if (found) walk.moved.add(graph);
  return found;
}

function markAttributes(attributes: Iterable<Attribute>, walk: Walk): boolean {
  let found = false;
  for (const attribute of attributes) if (markAttribute(attribute, walk)) found = true;
  return found;
}

function markAttribute(attribute: Attribute, walk: Walk): boolean {
  switch (attribute.kind) {
    case 'tensor':
    case 'sparse-tensor':
      return isMoved(attribute.value, walk);
    case 'tensors':
    case 'sparse-tensors':
      return attribute.value.some((tensor) => isMoved(tensor, walk));
    case 'graph':
      return markGraph(attribute.value, walk);
    case 'graphs':
      // Each one is marked: `some` would stop at the first.
      return attribute.value.map((graph) => markGraph(graph, walk)).includes(true);
    default:
      return false;
  }
}

function isMoved(tensor: Tensor | SparseTensor, walk: Walk): boolean {
  if (tensor.kind === 'dense') return walk.isMoved(tensor);
  return walk.isMoved(tensor.values) || walk.isMoved(tensor.indices);
}
