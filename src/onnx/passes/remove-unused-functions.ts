import type { FunctionDefinition } from '../function-definition.ts';
import { functionKey } from '../function-definition.ts';
import type { Graph } from '../graph.ts';
import type { PurePass } from '../pass.ts';
import { allGraphsOf } from '../traverse.ts';

/**
 * Removes functions that no node calls, neither from the main graph nor from a function that is called.
 *
 * Left alone: the operator sets that the model imports, also those that only removed functions were in.
 */
export const removeUnusedFunctions: PurePass = {
  name: 'remove-unused-functions',
  apply(model) {
    const known = new Map(model.functions.map((definition) => [functionKey(definition), definition]));
    const called = new Set<FunctionDefinition>();
    const waiting: Graph[] = [model.graph];
    for (let graph = waiting.pop(); graph !== undefined; graph = waiting.pop()) {
      for (const definition of callsIn(graph, known)) {
        if (called.has(definition)) continue;
        called.add(definition);
        waiting.push(definition.body);
      }
    }
    const kept = model.functions.filter((definition) => called.has(definition));
    if (kept.length === model.functions.length) return false;
    model.setFunctions(kept);
    return true;
  },
};

function* callsIn(graph: Graph, known: ReadonlyMap<string, FunctionDefinition>): Generator<FunctionDefinition> {
  for (const inner of allGraphsOf(graph)) {
    for (const { domain, op, info } of inner.nodes()) {
      const definition = known.get(functionKey({ domain, name: op, overload: info.overload ?? '' }));
      if (definition !== undefined) yield definition;
    }
  }
}
