import type { Node } from '../../onnx/node.ts';
import type { OptimizedNode } from '../optimized-graph.ts';

/** Which nodes each kernel does the work of, and the other way round. */
export class Claims {
  readonly #nodes = new Map<OptimizedNode, Set<Node>>();
  readonly #kernels = new Map<Node, OptimizedNode[]>();

  add(kernel: OptimizedNode, node: Node): void {
    const nodes = this.#nodes.get(kernel) ?? new Set();
    if (nodes.has(node)) return;
    this.#nodes.set(kernel, nodes.add(node));
    this.#kernels.set(node, [...(this.#kernels.get(node) ?? []), kernel]);
  }

  nodesOf(kernel: OptimizedNode): readonly Node[] {
    return [...(this.#nodes.get(kernel) ?? [])];
  }

  kernelsOf(node: Node): readonly OptimizedNode[] {
    return this.#kernels.get(node) ?? [];
  }
}
