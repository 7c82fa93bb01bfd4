import type { Attribute } from '../attribute.ts';
import type { Graph } from '../graph.ts';
import type { Model } from '../model.ts';
import type { Node } from '../node.ts';
import type { Value } from '../value.ts';
import { constantContent } from './constant-content.ts';
import { contribRules } from './contrib-rules.ts';
import { controlFlow } from './control-flow.ts';
import type { DimensionLengths } from './declared-type.ts';
import { bindSymbols, declaredInfo, localInfo, mergeDeclared } from './declared-type.ts';
import { executionOrder } from './execution-order.ts';
import { FunctionCalls } from './function-calls.ts';
import type { InferredCall, InferredScope } from './inferred-scope.ts';
import { NodeView } from './node-view.ts';
import { standardRules } from './standard-rules.ts';
import type { TensorInfo } from './tensor-info.ts';
import { tensorInfo, unknownInfo } from './tensor-info.ts';

export interface InferOptions {
  /** Lengths for symbolic dimensions, by name or `INPUT#AXIS`. */
  readonly dims?: DimensionLengths;
}

/**
 * Types, shapes and small contents of a model's values, subgraphs included, told from its declarations and operators
 * without running it. Whatever is not certain is null; a value that nothing is known of may be missing.
 */
export function inferTypes(model: Model, options: InferOptions = {}): ReadonlyMap<Value, TensorInfo> {
  return inferScope(model, options).types;
}

/** As {@link inferTypes}, with the bodies of the functions that are called. */
export function inferScope(model: Model, { dims = {} }: InferOptions = {}): InferredScope {
  const bound = bindSymbols(model.graph, dims);
  const shared: Shared = { model, functions: new FunctionCalls(model), visits: { left: mostVisits, depth: 0 } };
  const walk = new Walk(shared, { opsets: model.opsets, bindings: new Map() });
  walk.run(model.graph, {
    inputs: model.graph.inputs.map((value) =>
      isConstantInput(value, model)
        ? constantInfo(value)
        : declaredInfo(value.type, bound, (axis) => `${value.name}#${axis}`),
    ),
    declared: (value) => declaredInfo(value.declaredType, bound),
  });
  return walk;
}

/** Calls and loops can multiply a small file into endless work; what comes after so many nodes stays unknown. */
const mostVisits = 2_000_000;

/** Deeper subgraphs and calls are not followed; real ones are nested a handful deep. */
const mostDepth = 64;

interface Shared {
  readonly model: Model;
  readonly functions: FunctionCalls;
  /** Nodes that may still be visited, and how deep in subgraphs and calls we are. */
  readonly visits: { left: number; depth: number };
}

interface Seeds {
  readonly inputs: readonly TensorInfo[];
  /** What the file says about a value. */
  readonly declared: (value: Value) => TensorInfo;
}

/** One pass over a graph, its subgraphs, and the functions they call. */
class Walk implements InferredScope {
  readonly types = new Map<Value, TensorInfo>();
  readonly calls = new Map<Node, InferredCall>();
  readonly opsets: ReadonlyMap<string, number>;
  readonly bindings: ReadonlyMap<string, Attribute>;
  readonly #shared: Shared;

  constructor(shared: Shared, scope: Pick<InferredScope, 'opsets' | 'bindings'>) {
    this.#shared = shared;
    this.opsets = scope.opsets;
    this.bindings = scope.bindings;
  }

  run(graph: Graph, { inputs, declared }: Seeds): void {
    for (const value of graph.initializers) if (!value.isInput) this.types.set(value, constantInfo(value));
    for (const [index, value] of graph.inputs.entries()) this.types.set(value, inputs[index] ?? unknownInfo);
    for (const node of executionOrder(graph)) {
      if (this.#shared.visits.left-- <= 0) return;
      const infos = this.#outputsOf(node);
      for (const [index, value] of node.outputs.entries()) {
        if (value === null) continue;
        const info = infos[index] ?? unknownInfo;
        this.types.set(value, value.declaredType === null ? info : mergeDeclared(info, declared(value)));
      }
    }
  }

  #outputsOf(node: Node): readonly TensorInfo[] {
    const view = new NodeView(node, this);
    const definition = this.#shared.functions.definitionOf(node);
    if (definition !== null) return this.#call(view, definition);
    if (node.is('If', 'Loop', 'Scan')) return controlFlow(view, (body, inputs) => this.#follow(body, inputs));
    const rules = node.domain === 'com.microsoft' ? contribRules : node.is(node.op) ? standardRules : null;
    return rules?.get(node.op)?.(view) ?? [];
  }

  #follow(body: Graph, inputs: readonly TensorInfo[]): readonly TensorInfo[] {
    const { visits } = this.#shared;
    if (visits.depth >= mostDepth) return [];
    visits.depth++;
    this.run(body, {
      inputs: body.inputs.map((value, index) => mergeDeclared(inputs[index] ?? unknownInfo, localInfo(value.type))),
      declared: (value) => localInfo(value.declaredType),
    });
    visits.depth--;
    return body.outputs.map((value) => this.types.get(value) ?? unknownInfo);
  }

  #call(view: NodeView, definition: InferredCall['definition']): readonly TensorInfo[] {
    const { visits, functions } = this.#shared;
    if (visits.depth >= mostDepth) return [];
    visits.depth++;
    const scope = functions.scopeOf(definition, view, (inputs, bindings) => {
      const walk = new Walk(this.#shared, { opsets: definition.opsets, bindings });
      walk.run(definition.body, { inputs, declared: (value) => localInfo(value.declaredType) });
      return walk;
    });
    visits.depth--;
    if (scope === null) return [];
    this.calls.set(view.node, { definition, scope });
    return definition.body.outputs.map((value) => scope.types.get(value) ?? unknownInfo);
  }
}

/** Before IR version 4 all initializers were inputs too, and nobody could override them. */
function isConstantInput(value: Value, { irVersion }: Model): boolean {
  return value.isInitializer && irVersion < 4;
}

function constantInfo({ tensor }: Value): TensorInfo {
  if (tensor === null) return unknownInfo;
  return tensorInfo(tensor.type, tensor.dims, tensor.kind === 'dense' ? constantContent(tensor) : null);
}
