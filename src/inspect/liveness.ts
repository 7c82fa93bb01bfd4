import type { Graph } from '../onnx/graph.ts';
import type { Node } from '../onnx/node.ts';
import { executionOrder } from '../onnx/shape/execution-order.ts';
import type { InferredScope } from '../onnx/shape/inferred-scope.ts';
import { readsOf } from '../onnx/traverse.ts';
import type { Value } from '../onnx/value.ts';
import { bytesOf } from './traffic.ts';

/** Which of a graph's activations are in memory while its nodes run one after another. */
export class Liveness {
  readonly order: readonly Node[];
  /** Bytes that are live now. */
  bytes = 0;
  /** Activations made so far whose size is not known. */
  unknownValues = 0;
  readonly #scope: InferredScope;
  readonly #lastReads = new Map<Value, number>();
  readonly #live = new Map<Value, number>();

  /** What the body of another graph is given lives outside it, so only a main graph's inputs count. */
  constructor(graph: Graph, scope: InferredScope, options: { readonly countsInputs: boolean }) {
    this.order = executionOrder(graph);
    this.#scope = scope;
    for (const [index, node] of this.order.entries()) {
      for (const value of readsOf(node)) this.#lastReads.set(value, index);
    }
    for (const value of graph.outputs) this.#lastReads.set(value, Infinity);
    if (options.countsInputs) this.#make(graph.inputs.filter((value) => this.#lastReads.has(value)));
  }

  makeOutputs(node: Node): void {
    if (!node.is('Constant')) this.#make(node.outputs);
  }

  /** Lets go of what the node at a place read or made and nobody reads later. */
  release(node: Node, index: number): void {
    for (const value of readsOf(node)) this.#releaseAfter(value, index);
    for (const value of node.outputs) if (value !== null) this.#releaseAfter(value, index);
  }

  #releaseAfter(value: Value, index: number): void {
    const bytes = this.#live.get(value);
    if (bytes === undefined || (this.#lastReads.get(value) ?? index) > index) return;
    this.#live.delete(value);
    this.bytes -= bytes;
  }

  #make(values: readonly (Value | null)[]): void {
    for (const value of values) {
      if (value === null || value.isInitializer) continue;
      const info = this.#scope.types.get(value);
      const bytes = info === undefined ? null : bytesOf(info);
      if (bytes === null) this.unknownValues++;
      this.#live.set(value, bytes ?? 0);
      this.bytes += bytes ?? 0;
    }
  }
}
