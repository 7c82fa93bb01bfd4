import type { Graph } from '../onnx/graph.ts';
import type { Model } from '../onnx/model.ts';
import type { Node } from '../onnx/node.ts';
import { randomOperators } from '../onnx/random-operators.ts';
import type { TensorInfo } from '../onnx/shape/tensor-info.ts';
import type { Tensor } from '../onnx/tensor.ts';
import { topologicalOrder } from '../onnx/sort.ts';
import { allGraphsOf, readsOf } from '../onnx/traverse.ts';
import type { Value } from '../onnx/value.ts';
import { knownContent } from './known-content.ts';
import { resultBytes } from './result-bytes.ts';

/** Quantized weights stay quantized: folding these would put the floats back. */
const quantizationOps: ReadonlySet<string> = new Set(['QuantizeLinear', 'DequantizeLinear', 'DynamicQuantizeLinear']);

/** Sequences and optionals are no tensors and cannot become initializers. */
const containerOps = /^(Sequence|Optional|SplitToSequence|ConcatFromSequence)/;

/** Nodes of one graph whose results do not depend on its inputs. */
export interface FoldableNodes {
  /** In topological order. Their inputs are constants, or outputs of nodes before them. */
  readonly nodes: readonly Node[];
  /** Results that are told by shapes alone: nothing must be run for them, whatever their inputs are. */
  readonly known: ReadonlyMap<Value, Tensor>;
}

export interface FoldSearch {
  readonly model: Model;
  readonly types: ReadonlyMap<Value, TensorInfo>;
  /** Largest constant to load and largest value to compute. */
  readonly maxInputBytes: number;
  /** Nodes that were tried in vain or do not pay. */
  readonly excluded: ReadonlySet<Node>;
}

/** Finds what can be computed now. Nodes that make an output of a graph stay: an output is made by a node. */
export function findFoldable(graph: Graph, search: FoldSearch): FoldableNodes {
  const nodes = new Set<Node>();
  const known = new Map<Value, Tensor>();
  for (const node of topologicalOrder(graph)) {
    if (search.excluded.has(node) || node.is('Constant') || !isNeededInside(node)) continue;
    const contents = contentsOf(node, search.types);
    if (contents !== null) {
      nodes.add(node);
      for (const [value, tensor] of contents) known.set(value, tensor);
    } else if (isPure(node, search) && [...readsOf(node)].every((value) => isConstant(value, nodes, search))) {
      nodes.add(node);
    }
  }
  return { nodes: [...nodes], known };
}

/** Whether a node has readers and makes no graph's output. */
function isNeededInside(node: Node): boolean {
  return (
    node.outputs.some((value) => value !== null && !value.isUnused) &&
    node.outputs.every((value) => value === null || !value.isOutput)
  );
}

/** The results of a node when shapes alone tell all that are needed. */
function contentsOf(node: Node, types: ReadonlyMap<Value, TensorInfo>): readonly (readonly [Value, Tensor])[] | null {
  const contents: (readonly [Value, Tensor])[] = [];
  for (const value of node.outputs) {
    if (value === null || value.isUnused) continue;
    const tensor = knownContent(types.get(value));
    if (tensor === null) return null;
    contents.push([value, tensor]);
  }
  return contents;
}

function isConstant(value: Value, nodes: ReadonlySet<Node>, { maxInputBytes }: FoldSearch): boolean {
  if (value.producer !== null) return value.producer.is('Constant') || nodes.has(value.producer);
  return value.constant !== null && value.constant.byteLength <= maxInputBytes;
}

/** Whether running it once, at any time, gives what every run would give, within the limits of memory. */
function isPure(node: Node, search: FoldSearch): boolean {
  return (
    [...readsOf(node)].length > 0 &&
    isPureOp(node, search) &&
    node.subgraphs.every((graph) => [...allGraphsOf(graph)].every((inner) => isPureGraph(inner, search)))
  );
}

function isPureGraph(graph: Graph, search: FoldSearch): boolean {
  for (const node of graph.nodes()) if (!isPureOp(node, search)) return false;
  return true;
}

/** A Loop may turn for ever; all others end. */
function isPureOp(node: Node, { model, types, maxInputBytes }: FoldSearch): boolean {
  if (!node.is(node.op) || randomOperators.has(node.op) || quantizationOps.has(node.op)) return false;
  if (node.op === 'Loop' || containerOps.test(node.op)) return false;
  if (node.op === 'Dropout' && (node.input(2) !== null || model.opset < 7)) return false;
  if (model.functions.some(({ domain, name }) => name === node.op && domain === node.domain)) return false;
  return node.outputs.every((value) => value === null || (resultBytes(value, types) ?? Infinity) <= maxInputBytes);
}
