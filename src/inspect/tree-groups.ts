import type { Shape } from '../onnx/value-type.ts';
import { operatorName } from './model-cost.ts';
import { labelOf, lastPart } from './node-names.ts';
import type { PlacedNode } from './placed-nodes.ts';

/** A node as the tree gathers it. */
export interface TreeItem {
  readonly placed: PlacedNode;
  readonly macs: number;
  readonly constantBytes: number;
}

/** One row of the tree. */
export interface TreeGroup {
  readonly kind: 'module' | 'operator' | 'node';
  readonly name: string;
  readonly macs: number;
  readonly constantBytes: number;
  readonly items: readonly TreeItem[];
  /** The node that is this row: one that runs others, or one that stands for itself. */
  readonly head: TreeItem | null;
}

interface Gathering {
  readonly kind: TreeGroup['kind'];
  readonly name: string;
  head: TreeItem | null;
  readonly items: TreeItem[];
}

/** The rows below one at depth `depth` (0: the root): modules, then operators, or nodes in order. */
export function groupsOf(items: readonly TreeItem[], depth: number): readonly TreeGroup[] {
  const gatherer = new Gatherer();
  for (const item of items) gather(gatherer, item, depth);
  const groups = gatherer.all.map((group) => summed(group, depth));
  return groups.some(({ kind }) => kind === 'node') ? groups : groups.toSorted(dearestFirst);
}

function gather(gatherer: Gatherer, item: TreeItem, depth: number): void {
  const { node, path, isContainer, isGathered } = item.placed;
  const isLast = path.length <= depth;
  if (!isLast || isContainer) {
    const module = gatherer.named('module', path[depth] ?? lastPart(labelOf(node)));
    if (isLast) module.head ??= item;
    module.items.push(item);
  } else if (isGathered) gatherer.named('operator', operatorName(node)).items.push(item);
  else gatherer.all.push({ kind: 'node', name: lastPart(labelOf(node)), head: item, items: [item] });
}

/** Rows as they come up. */
class Gatherer {
  readonly all: Gathering[] = [];
  readonly #byName = { module: new Map<string, Gathering>(), operator: new Map<string, Gathering>() };

  named(kind: 'module' | 'operator', name: string): Gathering {
    const known = this.#byName[kind].get(name);
    if (known !== undefined) return known;
    const made: Gathering = { kind, name, head: null, items: [] };
    this.#byName[kind].set(name, made);
    this.all.push(made);
    return made;
  }
}

function summed({ kind, name, head, items }: Gathering, depth: number): TreeGroup {
  let macs = 0;
  let constantBytes = 0;
  for (const item of items) {
    // What runs inside a node is in that node's own figures already.
    if (item.placed.outer <= depth) macs += item.macs;
    constantBytes += item.constantBytes;
  }
  return { kind: head === null ? kind : 'node', name, macs, constantBytes, items, head };
}

function dearestFirst(a: TreeGroup, b: TreeGroup): number {
  return b.macs - a.macs || b.constantBytes - a.constantBytes;
}

/** What is gathered below a row of depth `depth`. */
export function itemsInside({ kind, head, items }: TreeGroup, depth: number): readonly TreeItem[] {
  if (kind === 'operator') return [];
  return items.filter((item) => item !== head && (item.placed.path.length > depth || item.placed.isContainer));
}

/** What a row's nodes make: null for modules, and where they make different things. */
export function outputShapeOf({ kind, head, items }: TreeGroup): Shape {
  if (head !== null) return shapeOf(head);
  const [first] = items;
  if (kind === 'module' || first === undefined) return null;
  const text = JSON.stringify(shapeOf(first));
  return items.every((item) => JSON.stringify(shapeOf(item)) === text) ? shapeOf(first) : null;
}

function shapeOf({ placed: { node, scope } }: TreeItem): Shape {
  const output = node.output(0);
  return (output && scope.types.get(output)?.shape) ?? null;
}
