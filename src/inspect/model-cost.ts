import type { Graph } from '../onnx/graph.ts';
import type { Node } from '../onnx/node.ts';
import { bodyOf, loopTrips, scanLength } from '../onnx/shape/control-flow.ts';
import type { InferredScope } from '../onnx/shape/inferred-scope.ts';
import { NodeView } from '../onnx/shape/node-view.ts';
import { hasNoMacs } from './mac-coverage.ts';
import { macRuleOf } from './mac-rules.ts';
import { trafficOf } from './traffic.ts';

/** Why a node's MACs are not known. */
export type UnknownMacs = 'shape' | 'trip-count' | 'operator';

/** What running something once takes, as far as it is known. */
export interface Cost {
  /** Multiply-adds of all that are known. */
  readonly macs: number;
  /** Nodes whose MACs are not known, by reason; their share is missing in `macs`. */
  readonly unknownMacs: Readonly<Record<UnknownMacs, number>>;
  /** Bytes read and written, weights included. */
  readonly bytes: number;
  /** Nodes whose bytes are not known. */
  readonly unknownBytes: number;
}

/** Cost of a graph, and of each operator in it, bodies and functions included. */
export interface GraphCost extends Cost {
  readonly byOperator: ReadonlyMap<string, Cost>;
}

const nothing: Cost = {
  macs: 0,
  unknownMacs: { shape: 0, 'trip-count': 0, operator: 0 },
  bytes: 0,
  unknownBytes: 0,
};

/** Subgraphs and calls deeper than inference follows are not counted. */
const mostDepth = 64;

/** The operator with its domain, the standard ones by name alone. */
export function operatorName({ op, domain }: Pick<Node, 'op' | 'domain'>): string {
  return domain === '' || domain === 'ai.onnx' ? op : `${domain}.${op}`;
}

/** Counts a graph: its nodes once, a Loop's body as often as it runs, the dearer branch of an If, functions by call. */
export class CostCounter {
  readonly #functions = new Map<InferredScope, GraphCost>();
  #depth = 0;

  graph(graph: Graph, scope: InferredScope): GraphCost {
    let total = nothing;
    const byOperator = new Map<string, Cost>();
    if (this.#depth >= mostDepth) return { ...unknown('shape'), byOperator };
    this.#depth++;
    for (const node of graph.nodes()) {
      const cost = this.node(node, scope);
      total = plus(total, cost);
      for (const [name, own] of operatorsOf(node, cost))
        byOperator.set(name, plus(byOperator.get(name) ?? nothing, own));
    }
    this.#depth--;
    return { ...total, byOperator };
  }

  /** Cost of a node; `byOperator` is there for nodes that run others. */
  node(node: Node, scope: InferredScope): Cost & Partial<GraphCost> {
    const call = scope.calls.get(node);
    if (call !== undefined) return this.#call(call.definition.body, call.scope);
    const view = new NodeView(node, scope);
    if (node.is('If')) return this.#branches(view, scope);
    if (node.is('Loop', 'Scan')) return this.#rounds(view, scope);
    return plus(macsOf(view, scope), bytesCost(trafficOf(node, scope)));
  }

  #call(body: Graph, scope: InferredScope): GraphCost {
    const known = this.#functions.get(scope);
    if (known !== undefined) return known;
    const cost = this.graph(body, scope);
    this.#functions.set(scope, cost);
    return cost;
  }

  #branches(view: NodeView, scope: InferredScope): Cost & Partial<GraphCost> {
    const costs = ['then_branch', 'else_branch'].flatMap((name) => {
      const body = bodyOf(view, name);
      return body === null ? [] : [this.graph(body, scope)];
    });
    const [first, second] = costs;
    if (first === undefined || second === undefined) return first ?? unknown('shape');
    // A condition that is known leaves one branch.
    const condition = view.scalar(0);
    if (condition === 1) return first;
    return condition === 0 || isDearer(second, first) ? second : first;
  }

  #rounds(view: NodeView, scope: InferredScope): Cost & Partial<GraphCost> {
    const body = bodyOf(view, 'body');
    if (body === null) return unknown('trip-count');
    const trips = view.node.op === 'Loop' ? loopTrips(view, scope.types) : scanLength(view);
    const round = this.graph(body, scope);
    // Beyond 2^53 nothing runs to its end.
    const isCountable = typeof trips === 'number' && Number.isSafeInteger(Math.max(round.macs, round.bytes) * trips);
    if (isCountable) return repeated(round, trips);
    return hasCost(round) ? unknown('trip-count') : round;
  }
}

function isDearer(a: Cost, b: Cost): boolean {
  return a.macs > b.macs || (a.macs === b.macs && a.bytes > b.bytes);
}

function hasCost({ macs, unknownMacs, bytes, unknownBytes }: Cost): boolean {
  return macs + bytes + unknownBytes + unknownMacs.shape + unknownMacs['trip-count'] + unknownMacs.operator > 0;
}

/** A node that runs others is those; any other is itself. */
function operatorsOf(node: Node, cost: Cost & Partial<GraphCost>): Iterable<readonly [string, Cost]> {
  return cost.byOperator ?? [[operatorName(node), cost]];
}

function macsOf(view: NodeView, scope: InferredScope): Cost {
  const rule = macRuleOf(view);
  if (rule === null) return hasNoMacs(view.node) ? nothing : unknown('operator');
  const output = view.node.output(0);
  const macs = rule(view, (output && scope.types.get(output)?.shape) ?? null);
  return macs === null ? unknown('shape') : { ...nothing, macs };
}

function unknown(reason: UnknownMacs): Cost {
  return { ...nothing, unknownMacs: { ...nothing.unknownMacs, [reason]: 1 } };
}

function bytesCost(bytes: number | null): Cost {
  return bytes === null ? { ...nothing, unknownBytes: 1 } : { ...nothing, bytes };
}

function plus(a: Cost, b: Cost): Cost {
  return {
    macs: a.macs + b.macs,
    unknownMacs: {
      shape: a.unknownMacs.shape + b.unknownMacs.shape,
      'trip-count': a.unknownMacs['trip-count'] + b.unknownMacs['trip-count'],
      operator: a.unknownMacs.operator + b.unknownMacs.operator,
    },
    bytes: a.bytes + b.bytes,
    unknownBytes: a.unknownBytes + b.unknownBytes,
  };
}

function repeated({ byOperator, ...cost }: GraphCost, times: number): GraphCost {
  const scaled = (one: Cost): Cost => ({ ...one, macs: one.macs * times, bytes: one.bytes * times });
  return { ...scaled(cost), byOperator: new Map([...byOperator].map(([name, one]) => [name, scaled(one)])) };
}
