import type { Graph } from '../../../src/onnx/graph.ts';
import type { Model } from '../../../src/onnx/model.ts';
import type { Node } from '../../../src/onnx/node.ts';
import type { Value } from '../../../src/onnx/value.ts';
import { convolutionOps } from './convolution.ts';
import { naryOps, unaryOps } from './elementwise.ts';
import { indexingOps } from './indexing.ts';
import { movementOps } from './movement.ts';
import type { NdArray } from './nd-array.ts';
import { fromDense } from './nd-array.ts';
import { normalizationOps } from './normalization.ts';
import { poolingOps } from './pooling.ts';
import { productOps } from './products.ts';
import { reductionOps } from './reductions.ts';
import type { NodeCall, ReferenceOps } from './reference-op.ts';

const referenceOps: ReferenceOps = {
  ...unaryOps,
  ...naryOps,
  ...productOps,
  ...convolutionOps,
  ...poolingOps,
  ...normalizationOps,
  ...reductionOps,
  ...movementOps,
  ...indexingOps,
};

export interface ReferenceRun {
  /** Every value of the main graph, by name. */
  readonly values: ReadonlyMap<string, NdArray>;
  /** The least distance of an element from a point where its operator has no derivative. */
  readonly kinkDistance: number;
}

/** Less is rounding of sums that are the same. */
const tie = 1e-12;

/** Computes a model (nodes in order, no subgraphs, operator set 20 or later) in doubles, one element after the other. */
export function runReference(model: Model, feeds: ReadonlyMap<string, NdArray>): ReferenceRun {
  const { graph } = model;
  const values = startOf(graph, feeds);
  let kinkDistance = Infinity;
  const kink = (distance: number): void => {
    // A tie is no accident of the numbers: two Relus in a row, or a value beside itself. Both sides move along.
    if (distance > tie) kinkDistance = Math.min(kinkDistance, distance);
  };
  for (const node of graph.nodes()) {
    const op = node.is(node.op) ? referenceOps[node.op] : undefined;
    if (op === undefined) throw new RangeError(`the reference does not know ${node.op}`);
    const results = op(callOf(node, values, kink));
    for (const [index, value] of node.outputs.entries()) {
      const result = results[index];
      if (value !== null && result !== undefined) values.set(value, result);
    }
  }
  return { values: new Map([...values].map(([value, array]) => [value.name, array])), kinkDistance };
}

function startOf(graph: Graph, feeds: ReadonlyMap<string, NdArray>): Map<Value, NdArray> {
  const values = new Map<Value, NdArray>();
  for (const value of graph.initializers)
    if (value.tensor?.kind === 'dense') values.set(value, fromDense(value.tensor.toDense()));
  for (const value of graph.inputs) {
    const fed = feeds.get(value.name);
    if (fed === undefined) throw new RangeError(`'${value.name}' is not fed`);
    values.set(value, fed);
  }
  return values;
}

function callOf(node: Node, values: ReadonlyMap<Value, NdArray>, kink: NodeCall['kink']): NodeCall {
  const inputs = node.inputs.map((value) => (value === null ? null : (values.get(value) ?? null)));
  const optional = (index: number): NdArray | null => inputs[index] ?? null;
  return {
    node,
    inputs,
    optional,
    input: (index) => {
      const array = optional(index);
      if (array === null) throw new RangeError(`${node.op} needs an input ${index}`);
      return array;
    },
    numbers: (index) => {
      const array = optional(index);
      return array === null ? null : [...array.data];
    },
    kink,
  };
}
