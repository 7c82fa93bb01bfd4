import type { DataType } from '../../onnx/data-type.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { allGraphsOf, valuesOf } from '../../onnx/traverse.ts';
import type { Use, Value } from '../../onnx/value.ts';
import type { FloatTypes } from './float-types.ts';
import type { Precision, PrecisionPlan } from './precision-plan.ts';

/** A place among a graph's outputs. */
export interface Return {
  readonly graph: Graph;
  readonly index: number;
  readonly value: Value;
}

/** A {@link PrecisionPlan} written down for every value, node and edge, before the first of them changes. */
export interface PlannedModel {
  readonly graphs: readonly Graph[];
  readonly nodes: readonly Node[];
  /** What each float32 value is made as. */
  readonly made: ReadonlyMap<Value, Precision>;
  /** Inputs that want another precision than the value there is made in. */
  readonly uses: readonly (Use & { readonly value: Value })[];
  /** The same of graphs' outputs. */
  readonly returns: readonly Return[];
  /** Nodes that read or make float16 in place of float32. */
  readonly float16Nodes: ReadonlySet<Node>;
  /** Constants that nobody overrides. */
  readonly constants: ReadonlySet<Value>;
  /** A value's type after the rewrite; null where it is unknown. */
  typeOf(this: void, value: Value): DataType | null;
}

/** Writes the plan down. */
export function planModel(model: Model, plan: PrecisionPlan, types: FloatTypes): PlannedModel {
  const graphs = [...allGraphsOf(model.graph)];
  const nodes = graphs.flatMap((graph) => [...graph.nodes()]);
  const values = new Set(graphs.flatMap((graph) => [...valuesOf(graph)]));
  const floats = [...values].filter((value) => plan.isFloat32(value));
  const made = new Map(floats.map((value) => [value, plan.madeAs(value)]));
  const differs = (value: Value, wanted: Precision | null) =>
    wanted !== null && made.has(value) && made.get(value) !== wanted;
  const reads = nodes.flatMap(readsOf);
  return {
    graphs,
    nodes,
    made,
    uses: reads.filter(({ node, index, value }) => differs(value, plan.wantedAt(node, index))),
    returns: graphs.flatMap(returnsOf).filter(({ graph, value }) => differs(value, plan.boundaryOf(graph))),
    float16Nodes: new Set(nodes.filter((node) => worksInFloat16(node, plan, made))),
    constants: new Set(floats.filter((value) => plan.isConstant(value))),
    typeOf: (value) => made.get(value) ?? types.typeOf(value),
  };
}

function readsOf(node: Node) {
  return node.inputs.flatMap((value, index) => (value === null ? [] : [{ node, index, value }]));
}

function returnsOf(graph: Graph): readonly Return[] {
  return graph.outputs.map((value, index) => ({ graph, index, value }));
}

function worksInFloat16(node: Node, plan: PrecisionPlan, made: ReadonlyMap<Value, Precision>): boolean {
  const readsFloat16 = readsOf(node).some(({ index, value }) => {
    const precision = made.get(value);
    return precision !== undefined && (plan.wantedAt(node, index) ?? precision) === 'float16';
  });
  return readsFloat16 || node.outputs.some((value) => value !== null && made.get(value) === 'float16');
}
