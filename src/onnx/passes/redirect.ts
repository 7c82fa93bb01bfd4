import type { Graph } from '../graph.ts';
import { valuesOf } from '../traverse.ts';
import type { Use, Value } from '../value.ts';

/**
 * Makes everything that reads or returns `value` read or return `replacement`, which must hold the same elements and
 * be made before `value` is, in its graph or in one around it. Tells whether it did; if not, nothing has changed.
 *
 * A graph's outputs keep name, order and declared type: where `value` is returned, `replacement` takes its name and
 * its place, and `value` the replacement's name. Refused when `value` is returned and `replacement`
 * - is a graph input, an initializer or a value of another graph, or is returned under its own name already, or
 * - would be hidden, under its new name, from a subgraph that reads it;
 * and, returned or not, when a subgraph that reads `value` has another value of the replacement's name.
 */
export function redirect(value: Value, replacement: Value): boolean {
  if (value === replacement || !reaches(replacement, value.graph)) return false;
  if (value.isOutput) return takeOver(value, replacement);
  if (value.useCount === 0 || isHidden(replacement, { name: replacement.name, from: value.uses })) return false;
  value.replaceUsesWith(replacement);
  return true;
}

function takeOver(value: Value, replacement: Value): boolean {
  const { graph, name, info, infoOrigin, declaredType } = value;
  if (replacement.graph !== graph || replacement.producer === null || replacement.isOutput) return false;
  const slots = [...graph.outputs.keys()].filter((index) => graph.outputs[index] === value);
  // Without a slot of its own graph it is a subgraph that returns it.
  if (slots.length === 0) return false;
  if (isHidden(replacement, { name, from: [...replacement.uses, ...value.uses] })) return false;
  value.replaceUsesWith(replacement);
  for (const slot of slots) graph.setOutput(slot, replacement);
  const freed = replacement.name;
  replacement.rename(name);
  value.rename(freed);
  replacement.setType(declaredType);
  replacement.info = info;
  replacement.infoOrigin = infoOrigin;
  value.setType(null);
  value.info = {};
  return true;
}

/** Whether nodes of a graph can read a value: it is of this graph or of one around it. */
function reaches(value: Value, graph: Graph): boolean {
  for (let scope: Graph | null = graph; scope !== null; scope = scope.parent) if (scope === value.graph) return true;
  return false;
}

/** Whether between a value and one of those that are to read it by `name` another value has that name. */
function isHidden(value: Value, { name, from }: { readonly name: string; readonly from: readonly Use[] }): boolean {
  if (!value.graph.names.mayRepeat(name)) return false;
  const scopes = new Set<Graph>();
  for (const { node } of from) {
    for (let scope = node.graph; scope !== null && scope !== value.graph; scope = scope.parent) scopes.add(scope);
  }
  return [...scopes].some((scope) => [...valuesOf(scope)].some((other) => other.name === name));
}
