import type { Graph } from '../onnx/graph.ts';
import type { Node } from '../onnx/node.ts';
import type { InferredScope } from '../onnx/shape/inferred-scope.ts';
import { Liveness } from './liveness.ts';

/** The most memory that live activations take at one time. */
export interface ActivationPeak {
  readonly bytes: number;
  /** The node that runs then; null for a graph without nodes. */
  readonly node: Node | null;
  /** Activations whose size is not known: the peak is a lower bound when there are any. */
  readonly unknownValues: number;
}

/** Deeper subgraphs and calls add nothing. */
const mostDepth = 64;

/**
 * Liveness over a topological order: a value lives from the node that makes it (inputs: from the start) to the last
 * one that reads it, graph outputs to the end. Each value has memory of its own, nothing is done in place; constants
 * are apart. Bodies of control flow and functions add what is live inside them.
 */
export class PeakFinder {
  readonly #functions = new Map<InferredScope, ActivationPeak>();
  #depth = 0;

  graph(graph: Graph, scope: InferredScope): ActivationPeak {
    const life = new Liveness(graph, scope, { countsInputs: this.#depth === 0 });
    let peak = { bytes: life.bytes, node: null as Node | null };
    let unknownValues = 0;
    for (const [index, node] of life.order.entries()) {
      const before = life.bytes;
      life.makeOutputs(node);
      const inner = this.#inside(node, scope);
      unknownValues += inner.unknownValues;
      const bytes = node.is('Loop', 'Scan') ? life.bytes + inner.bytes : Math.max(life.bytes, before + inner.bytes);
      if (bytes > peak.bytes || peak.node === null) peak = { bytes, node };
      life.release(node, index);
    }
    return { ...peak, unknownValues: unknownValues + life.unknownValues };
  }

  /** What lives inside a node that runs others; a Loop's results are collected beside it, others' are made in it. */
  #inside(node: Node, scope: InferredScope): Pick<ActivationPeak, 'bytes' | 'unknownValues'> {
    if (this.#depth >= mostDepth) return { bytes: 0, unknownValues: 0 };
    this.#depth++;
    const call = scope.calls.get(node);
    const peaks = call === undefined ? node.subgraphs.map((body) => this.graph(body, scope)) : [this.#call(call)];
    this.#depth--;
    return {
      bytes: Math.max(0, ...peaks.map(({ bytes }) => bytes)),
      unknownValues: peaks.reduce((sum, peak) => sum + peak.unknownValues, 0),
    };
  }

  #call({ definition, scope }: { definition: { body: Graph }; scope: InferredScope }): ActivationPeak {
    const peak = this.#functions.get(scope) ?? this.graph(definition.body, scope);
    this.#functions.set(scope, peak);
    return peak;
  }
}
