import { graphsOf } from '../onnx/attribute.ts';
import type { FunctionDefinition } from '../onnx/function-definition.ts';
import type { Graph } from '../onnx/graph.ts';
import type { Node } from '../onnx/node.ts';
import type { InferredScope } from '../onnx/shape/inferred-scope.ts';
import { labelOf, lastPart, modulesOf, modulesWithin, tellsModules } from './node-names.ts';

/** A node as it is written once in the file, with what is known where it stands. */
export interface PlacedNode {
  readonly node: Node;
  readonly scope: InferredScope;
  /** What it is inside of: the node that holds its subgraph, or the function; null in the main graph. */
  readonly within: string | null;
  /** Modules, nodes and branches around its graph, then its own modules, outermost first. */
  readonly path: readonly string[];
  /** How many of them there are up to the node that holds its graph; 0 in the main graph. */
  readonly outer: number;
  /** Whether names in its graph tell modules. */
  readonly isGathered: boolean;
  /** Whether it runs others: a subgraph or a function. */
  readonly isContainer: boolean;
}

interface Place {
  readonly graph: Graph;
  readonly scope: InferredScope;
  readonly within: string | null;
  readonly path: readonly string[];
  readonly outer: number;
  /** Modules that the name of the node around it tells. */
  readonly around: readonly string[];
}

/** Every node that may run, each once: functions stand for themselves, as their first call sees them. */
export function* placedNodes(graph: Graph, scope: InferredScope): Generator<PlacedNode, void, undefined> {
  const waiting: Place[] = [{ graph, scope, within: null, path: [], outer: 0, around: [] }];
  const seen = new Set<FunctionDefinition>();
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { within, outer } = place;
    const isGathered = tellsModules(place.graph, place.around);
    const paths = new SharedPaths();
    for (const node of place.graph.nodes()) {
      const path = isGathered ? paths.of([...place.path, ...modulesWithin(modulesOf(node), place.around)]) : place.path;
      const isContainer = node.subgraphs.length > 0 || place.scope.calls.has(node);
      yield { node, scope: place.scope, within, path, outer, isGathered, isContainer };
      if (isContainer) waiting.push(...placesInside(node, { scope: place.scope, path, seen }).toReversed());
    }
  }
}

/** Equal paths as one: hundred thousand nodes lie in few modules. */
class SharedPaths {
  readonly #known = new Map<string, readonly string[]>();

  of(path: readonly string[]): readonly string[] {
    const key = path.join('/');
    const known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, path);
    return known ?? path;
  }
}

interface Holder {
  readonly scope: InferredScope;
  readonly path: readonly string[];
  readonly seen: Set<FunctionDefinition>;
}

function placesInside(node: Node, { scope, path: modules, seen }: Holder): readonly Place[] {
  const call = scope.calls.get(node);
  const label = labelOf(node);
  const path = [...modules, lastPart(label)];
  const inside = { path, outer: path.length };
  if (call === undefined) {
    // Only an If has several, and so branches to tell apart.
    const isForked = node.subgraphs.length > 1;
    return [...node.attributes.values()].flatMap((attribute) =>
      graphsOf(attribute).map((graph) => {
        const branch = isForked ? [...path, attribute.name] : path;
        return { ...inside, graph, scope, within: label, path: branch, around: modulesOf(node) };
      }),
    );
  }
  if (seen.has(call.definition)) return [];
  seen.add(call.definition);
  const { name, body } = call.definition;
  return [{ ...inside, graph: body, scope: call.scope, within: name, around: [] }];
}
