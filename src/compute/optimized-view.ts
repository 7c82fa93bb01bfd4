import type { OptimizedGraph, OptimizedNode } from './optimized-graph.ts';

/** Who makes and who reads each value of an optimized graph, and which node has which name. */
export class OptimizedView {
  readonly #producers = new Map<string, OptimizedNode>();
  readonly #readers = new Map<string, OptimizedNode[]>();
  readonly #named = new Map<string, OptimizedNode>();

  constructor({ nodes }: OptimizedGraph) {
    for (const node of nodes) {
      for (const output of node.outputs) if (output !== '') this.#producers.set(output, node);
      for (const input of new Set(node.inputs)) if (input !== '') this.#noteReader(input, node);
      if (node.name !== '') this.#named.set(plainName(node.name), node);
    }
  }

  producerOf(value: string): OptimizedNode | null {
    return this.#producers.get(value) ?? null;
  }

  readersOf(value: string): readonly OptimizedNode[] {
    return this.#readers.get(value) ?? [];
  }

  /** The node that has a name, or had it before it was fused. */
  named(name: string): OptimizedNode | null {
    return name === '' ? null : (this.#named.get(name) ?? null);
  }

  producersFor({ inputs }: OptimizedNode): readonly OptimizedNode[] {
    return inputs.flatMap((value) => this.producerOf(value) ?? []);
  }

  readersBehind({ outputs }: OptimizedNode): readonly OptimizedNode[] {
    return outputs.flatMap((value) => this.readersOf(value));
  }

  #noteReader(value: string, node: OptimizedNode): void {
    const readers = this.#readers.get(value);
    if (readers === undefined) this.#readers.set(value, [node]);
    else readers.push(node);
  }
}

/** Without what onnxruntime 1.30 adds: `fused a/MatMulAddFusion`, `a_token_3` (a node that was made anew). */
function plainName(name: string): string {
  return name
    .replace(/^fused /, '')
    .replace(/\/MatMulAddFusion$/, '')
    .replace(/_token_\d+$/, '');
}
