import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { readsOf } from '../../onnx/traverse.ts';
import type { OptimizedGraph, OptimizedNode } from '../optimized-graph.ts';
import { Claims } from './claims.ts';
import { constantNodes } from './constant-nodes.ts';
import { fateOfRest } from './fate-of-rest.ts';
import type { AddedKind, Anchored } from './kernel-anchors.ts';
import { anchorKernels } from './kernel-anchors.ts';
import { placedNodesOf } from './mark-nodes.ts';

/** A kernel of the optimized graph, and the work that it does. */
export interface OwnedKernel {
  readonly kernel: OptimizedNode;
  /** Nodes of the file whose work it does. The first is the one that it is named for. */
  readonly nodes: readonly Node[];
  readonly added: AddedKind | null;
}

export interface NodeOwners {
  /** In an order in which they can run; those of a body before the node that holds it. */
  readonly kernels: readonly OwnedKernel[];
  /** Nodes that no kernel does the work of: computed while loading, or not needed. */
  readonly gone: ReadonlyMap<Node, 'folded' | 'dropped'>;
}

/**
 * Whose work the runtime's kernels do. Kernels are tied to nodes by marks in their names and by the values that they
 * make; what lies between those and the nearest values that still exist went into them. What is left then was fused into
 * a neighbor, computed while loading, or dropped.
 * @param marked the model as the runtime got it, its nodes marked by `markNodes`
 */
export function nodeOwners(marked: Model, graph: OptimizedGraph): NodeOwners {
  const nodes = placedNodesOf(marked);
  const anchored = anchorKernels(nodes, graph);
  const constant = constantNodes(nodes);
  const claims = claimSlices(anchored, constant);
  claimForCallers(anchored, claims);
  const gone = fateOfRest({ nodes, constant, graph, claims });
  const kernels = anchored.map(({ kernel, added }) => ({
    kernel,
    added,
    nodes: namesakeFirst(kernel, claims.nodesOf(kernel)),
  }));
  return { kernels, gone };
}

function claimSlices(anchored: readonly Anchored[], constant: ReadonlySet<Node>): Claims {
  const claims = new Claims();
  for (const { kernel, anchors } of anchored) for (const node of anchors) claims.add(kernel, node);
  const kept = new Set(anchored.flatMap(({ kernel }) => kernel.outputs));
  for (const { kernel, anchors } of anchored) {
    if (isUntouched(kernel, anchors)) continue;
    const waiting = [...anchors];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      const isCore = coreOf(kernel) === coreOf(node);
      for (const value of readsOf(node)) {
        const before = value.producer;
        if (before === null || kept.has(value.name) || constant.has(before)) continue;
        if (isCore && !before.is(...takenFromBefore)) continue;
        if (claims.kernelsOf(before).length > 0 || before.subgraphs.length > 0) continue;
        claims.add(kernel, before);
        waiting.push(before);
      }
    }
  }
  return claims;
}

/** What a product or a pool takes in of what stands before it. All else that it takes in follows it. */
const takenFromBefore = ['DequantizeLinear', 'Pad', 'Transpose', 'Cast'];

/** The operator without what the runtime says of it: that it is fused, or works on integers. */
function coreOf({ op }: Pick<Node, 'op'>): string {
  const core = op.replace(/^(?:Fused|QLinear|Q(?=Gemm))/, '');
  return core === 'MatMul' ? 'Gemm' : core;
}

/** A node that the runtime left as it was took nothing in. */
function isUntouched({ op, outputs }: OptimizedNode, anchors: readonly Node[]): boolean {
  const [only, ...others] = anchors;
  return (
    only?.op === op && others.length === 0 && only.outputs.every((value, at) => sameName(value?.name, outputs[at]))
  );
}

/** The runtime leaves out outputs that nobody reads. */
function sameName(name: string | undefined, kept: string | undefined): boolean {
  return (kept ?? '') === '' || name === kept;
}

/**
 * A call of a function became its nodes, of which only the last makes a value of the file: those before it are the
 * call's too.
 */
function claimForCallers(anchored: readonly Anchored[], claims: Claims): void {
  const readers = new Map<string, OptimizedNode>();
  for (const { kernel, anchors, added } of anchored.toReversed()) {
    if (anchors.length === 0 && added === null) {
      const reader = kernel.outputs.map((name) => readers.get(name)).find((found) => found !== undefined);
      const [owner] = reader === undefined ? [] : claims.nodesOf(reader);
      if (owner !== undefined && owner.op !== reader?.op) claims.add(kernel, owner);
    }
    for (const name of kernel.inputs) readers.set(name, kernel);
  }
}

function namesakeFirst(kernel: OptimizedNode, nodes: readonly Node[]): readonly Node[] {
  const namesake = nodes.find((node) => isKindOf(kernel.op, node.op));
  return namesake === undefined ? nodes : [namesake, ...nodes.filter((node) => node !== namesake)];
}

/** Whether a kernel is named for an operator: QLinearConv for Conv, Gemm for MatMul. */
function isKindOf(kernel: string, op: string): boolean {
  return kernel.includes(op) || (op === 'MatMul' && kernel.includes('Gemm'));
}
