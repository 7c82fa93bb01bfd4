import type { Node } from '../../onnx/node.ts';
import type { Value } from '../../onnx/value.ts';
import type { OptimizedGraph, OptimizedNode } from '../optimized-graph.ts';
import { placesIn } from './mark-nodes.ts';

/** What a kernel that was not in the file is there for. */
export type AddedKind = 'copy' | 'layout' | 'cast' | 'quantization';

/** A node of the optimized graph, and what ties it to the file. */
export interface Anchored {
  readonly kernel: OptimizedNode;
  /** Nodes that its name or its outputs name; what went into it lies before them. */
  readonly anchors: readonly Node[];
  readonly added: AddedKind | null;
}

/** Nodes of an optimized graph and of the bodies in it: those of a body before the node that holds it. */
export function* kernelsOf({ nodes }: OptimizedGraph): Generator<OptimizedNode, void, undefined> {
  for (const node of nodes) {
    for (const body of node.bodies) yield* kernelsOf(body);
    yield node;
  }
}

/** What the runtime puts behind the name of a value to name the node that makes it. */
const suffixes = /_(?:nchwc|(?:Quantize|Dequantize|DynamicQuantize)Linear.*)$/;

/** What it puts before names of a branch that was chosen while loading. */
const prefixes = /^(?:_if_(?:then|else)_branch_)+/;

/** Ties kernels to the marked nodes of a file. */
export function anchorKernels(nodes: readonly Node[], graph: OptimizedGraph): readonly Anchored[] {
  const values = new Map(nodes.flatMap(({ outputs }) => outputs.map((value) => [value?.name ?? '', value] as const)));
  values.delete('');
  return [...kernelsOf(graph)].map((kernel) => {
    const marked = placesIn(kernel.name).flatMap((place) => nodes[place] ?? []);
    const names = [...kernel.outputs, kernel.name.replace(suffixes, '')].map((name) => name.replace(prefixes, ''));
    const made = names.flatMap((name) => makerOf(values.get(name) ?? null, kernel) ?? []);
    const added = marked.length > 0 ? null : addedKind(kernel, made);
    return { kernel, anchors: added === null ? [...new Set([...marked, ...made])] : [], added };
  });
}

/** What makes a value; where that is a branch which took the place of its If, the node in it. */
function makerOf(value: Value | null, kernel: OptimizedNode): Node | null {
  const maker = value?.producer ?? null;
  if (maker === null || maker.op === kernel.op) return maker;
  const index = maker.outputs.indexOf(value);
  const inside = maker.subgraphs.map(({ outputs }) => makerOf(outputs[index] ?? null, kernel));
  return inside.find((node) => node?.op === kernel.op) ?? maker;
}

const addedOps: ReadonlyMap<string, AddedKind> = new Map([
  ['MemcpyFromHost', 'copy'],
  ['MemcpyToHost', 'copy'],
  ['ReorderInput', 'layout'],
  ['ReorderOutput', 'layout'],
  ['Transpose', 'layout'],
  ['Cast', 'cast'],
  ['QuantizeLinear', 'quantization'],
  ['DequantizeLinear', 'quantization'],
]);

/** It may carry the name of a value of the file without being what made it there. */
function addedKind({ op }: OptimizedNode, made: readonly Node[]): AddedKind | null {
  return made.some((node) => node.op === op) ? null : (addedOps.get(op) ?? null);
}
