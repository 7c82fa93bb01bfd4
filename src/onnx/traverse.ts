import type { Graph } from './graph.ts';
import type { Model } from './model.ts';
import type { Node } from './node.ts';
import type { Value } from './value.ts';

/** The graph, then the graphs inside its nodes, outermost first. */
export function* allGraphsOf(graph: Graph): Generator<Graph, void, undefined> {
  const waiting: Graph[] = [graph];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    for (const node of next.nodes()) waiting.push(...node.subgraphs);
  }
}

/** Every graph of a model: its own, those of functions, and subgraphs of each. */
export function* allGraphs(model: Model): Generator<Graph, void, undefined> {
  yield* allGraphsOf(model.graph);
  for (const { body } of model.functions) yield* allGraphsOf(body);
}

/** Values a node reads: its inputs, and what its subgraphs capture from the graphs around them. */
export function* readsOf(node: Node): Generator<Value, void, undefined> {
  for (const value of node.inputs) if (value !== null) yield value;
  for (const subgraph of node.subgraphs) yield* capturesOf(subgraph);
}

/** Values from outside that a graph, or a graph inside it, reads or returns. */
export function* capturesOf(graph: Graph): Generator<Value, void, undefined> {
  const inside = new Set(allGraphsOf(graph));
  for (const inner of inside) {
    for (const node of inner.nodes()) {
      for (const value of node.inputs) if (value !== null && !inside.has(value.graph)) yield value;
    }
    for (const value of inner.outputs) if (!inside.has(value.graph)) yield value;
  }
}

/** Values of one graph's own scope: inputs, initializers (twice where one is an input too) and nodes' outputs. */
export function* valuesOf(graph: Graph): Generator<Value, void, undefined> {
  yield* graph.inputs;
  yield* graph.initializers;
  for (const node of graph.nodes()) for (const value of node.outputs) if (value !== null) yield value;
}

/** A graph and the version of the standard operator set that its nodes speak. */
export interface VersionedGraph {
  readonly graph: Graph;
  readonly opset: number;
  /** Whether it is, or lies in, a function's body: it takes attributes from outside then and has no types. */
  readonly inFunction: boolean;
}

/** Every graph of a model with its operator set: a function brings its own. */
export function* allVersionedGraphs(model: Model): Generator<VersionedGraph, void, undefined> {
  for (const graph of allGraphsOf(model.graph)) yield { graph, opset: model.opset, inFunction: false };
  for (const { body, opsets } of model.functions) {
    const opset = opsets.get('') ?? opsets.get('ai.onnx') ?? 1;
    for (const graph of allGraphsOf(body)) yield { graph, opset, inFunction: true };
  }
}
