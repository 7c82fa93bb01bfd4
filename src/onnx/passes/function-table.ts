import type { FunctionDefinition } from '../function-definition.ts';
import { functionKey } from '../function-definition.ts';
import type { Graph } from '../graph.ts';
import type { Node } from '../node.ts';
import { allGraphsOf } from '../traverse.ts';

/** Functions and what calls them. */
export class FunctionTable {
  readonly definitions: readonly FunctionDefinition[];
  readonly #byKey: ReadonlyMap<string, FunctionDefinition>;

  constructor(definitions: readonly FunctionDefinition[]) {
    this.definitions = definitions;
    this.#byKey = new Map(definitions.map((definition) => [functionKey(definition), definition]));
  }

  definitionOf({ domain, op, info }: Node): FunctionDefinition | null {
    return this.#byKey.get(functionKey({ domain, name: op, overload: info.overload ?? '' })) ?? null;
  }

  /** Nodes of a graph, and of those inside it, that call one of the functions. */
  *callsIn(graph: Graph): Generator<Node, void, undefined> {
    for (const inner of allGraphsOf(graph)) {
      for (const node of inner.nodes()) if (this.definitionOf(node) !== null) yield node;
    }
  }

  /** What a graph's calls call, once for each call. */
  calleesIn(graph: Graph): readonly FunctionDefinition[] {
    return [...this.callsIn(graph)].flatMap((node) => this.definitionOf(node) ?? []);
  }

  /** The functions, each behind those that it calls. Those that need themselves, or need such a one, are missing. */
  calleesFirst(): readonly FunctionDefinition[] {
    const callers = new Map<FunctionDefinition, FunctionDefinition[]>();
    const waitingFor = new Map<FunctionDefinition, number>();
    for (const definition of this.definitions) {
      const callees = new Set(this.calleesIn(definition.body));
      waitingFor.set(definition, callees.size);
      for (const callee of callees) callers.set(callee, [...(callers.get(callee) ?? []), definition]);
    }
    const order = this.definitions.filter((definition) => waitingFor.get(definition) === 0);
    // Met while it grows: a function is ready when the last one it calls is.
    for (const ready of order) {
      for (const caller of callers.get(ready) ?? []) {
        const left = (waitingFor.get(caller) ?? 0) - 1;
        waitingFor.set(caller, left);
        if (left === 0) order.push(caller);
      }
    }
    return order;
  }
}
