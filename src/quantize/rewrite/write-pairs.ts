import type { Graph } from '../../onnx/graph.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { redirect } from '../../onnx/passes/redirect.ts';
import type { Use, Value } from '../../onnx/value.ts';
import type { QuantizationParameters } from '../numeric/scale-and-zero-point.ts';
import type { Pair, ParameterValues } from './qdq-pair.ts';
import { addPair, addParameters, quantizeDomain } from './qdq-pair.ts';
import type { PlannedNode } from './static-plan.ts';
import { activationsOf, quantizedOutputsOf } from './static-plan.ts';
import type { UnionFind } from './union-find.ts';

export interface Writing {
  readonly planned: ReadonlyMap<Node, PlannedNode>;
  readonly ties: UnionFind<Value>;
  parameters(value: Value): QuantizationParameters | null;
}

/** Puts a pair behind every value that planned nodes read or make as integers; returns what comes out of the pairs. */
export function writePairs(model: Model, writing: Writing): ReadonlyMap<Value, QuantizationParameters> {
  return new Writer(model, writing).write();
}

/** Where planned nodes read a value as an activation. */
function readersByGraph(value: Value, planned: Writing['planned']): Map<Graph, readonly Use[]> {
  const readers = new Map<Graph, readonly Use[]>();
  for (const use of value.uses) {
    const { graph } = use.node;
    if (graph === null || planned.get(use.node)?.rule.data.includes(use.index) !== true) continue;
    readers.set(graph, [...(readers.get(graph) ?? []), use]);
  }
  return readers;
}

class Writer {
  readonly #model: Model;
  readonly #writing: Writing;
  readonly #constants = new Map<Value, ParameterValues>();
  readonly #reals = new Map<Value, QuantizationParameters>();

  constructor(model: Model, writing: Writing) {
    this.#model = model;
    this.#writing = writing;
  }

  write(): ReadonlyMap<Value, QuantizationParameters> {
    const { planned } = this.#writing;
    const values = new Set<Value>();
    for (const each of planned.values()) {
      for (const value of activationsOf(each)) values.add(value);
      for (const value of quantizedOutputsOf(each)) values.add(value);
    }
    for (const value of values) this.#quantize(value);
    return this.#reals;
  }

  #quantize(value: Value): void {
    const { planned, ties, parameters } = this.#writing;
    const root = ties.find(value);
    const found = parameters(root);
    if (found === null) return;
    const readers = readersByGraph(value, planned);
    const pairIn = (source: Value, graph: Graph): Pair => {
      const pair = addPair(source, this.#parameters(root, found), { domain: this.#domainOf(found), graph });
      this.#reals.set(pair.real, found);
      return pair;
    };
    let source = value;
    if (value.producer !== null && planned.has(value.producer)) {
      const pair = pairIn(value, value.graph);
      redirect(value, pair.real);
      pair.quantize.setInput(0, value);
      // In its own graph all read the pair by now; bodies quantize the very same numbers once more.
      readers.delete(value.graph);
      source = pair.real;
    }
    for (const [graph, own] of readers) {
      const { real } = pairIn(source, graph);
      for (const { node, index } of own) node.setInput(index, real);
    }
  }

  #domainOf({ type }: QuantizationParameters): string {
    const domain = quantizeDomain(type, this.#model.opset);
    if (domain !== '' && !this.#model.opsets.has(domain)) this.#model.setOpset(domain, 1);
    return domain;
  }

  #parameters(root: Value, parameters: QuantizationParameters): ParameterValues {
    const known = this.#constants.get(root);
    if (known !== undefined) return known;
    const made = addParameters(this.#model.graph, root.name, parameters);
    this.#constants.set(root, made);
    return made;
  }
}
