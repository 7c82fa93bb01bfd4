import { ModelError } from '../../errors.ts';
import type { Attribute } from '../attribute.ts';
import { copyNodes } from '../copy-graph.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import type { Graph } from '../graph.ts';
import type { Model } from '../model.ts';
import type { Node } from '../node.ts';
import type { PurePass } from '../pass.ts';
import { allGraphsOf } from '../traverse.ts';
import type { Value } from '../value.ts';
import { FunctionTable } from './function-table.ts';
import { handOver } from './hand-over.ts';

/** Functions that call others twice double with each level; no real model comes near. */
const mostNewNodes = 1_000_000;

interface InlineOptions {
  /** Which functions; all where it is left out. */
  readonly only?: (definition: FunctionDefinition) => boolean;
}

/** A graph that calls are found in, and the versions of operator sets that its nodes speak, '' for the standard one. */
interface Host {
  readonly root: Graph;
  readonly opsets: Map<string, number>;
  /** The function whose body it is; null for the main graph. */
  readonly definition: FunctionDefinition | null;
}

/**
 * Puts the bodies of the model's own functions in the place of their calls, in the main graph, in the functions that
 * stay and in subgraphs of both. References take the caller's attribute, else its default, else they are left out.
 * Names of values are made unique; outputs of graphs keep theirs. The definitions stay: `removeUnusedFunctions` takes
 * away what nobody calls any more. Operator sets that only the function imports are imported.
 *
 * Left alone: calls from where an operator set of the function is imported in another version (`upgradeOpset` brings
 * the standard one to one version), calls that pass a graph as attribute, and calls that leave out an input
 * which the function returns as it is.
 *
 * `path` names the model in errors. `apply` throws ModelError `model-invalid` for a function that calls itself and for more than a million new nodes;
 * nothing is changed then.
 */
export function inlineFunctions(path: string, { only = () => true }: InlineOptions = {}): PurePass {
  return {
    name: 'inline-functions',
    apply(model) {
      const table = new FunctionTable(model.functions.filter(only));
      const hosts = hostsOf(model, only);
      checkCalls(table, hosts, path);
      const changed = hosts.filter((host) => inlineCalls(host, table));
      for (const host of changed) saveImports(model, host);
      return changed.length > 0;
    },
  };
}

function hostsOf(model: Model, only: (definition: FunctionDefinition) => boolean): readonly Host[] {
  const functions = model.functions.filter((definition) => !only(definition));
  return [
    { root: model.graph, opsets: standardized(model.opsets), definition: null },
    ...functions.map((definition) => ({
      root: definition.body,
      opsets: standardized(definition.opsets),
      definition,
    })),
  ];
}

/** Only new ones: those that were there keep their spelling. */
function saveImports(model: Model, { opsets, definition }: Host): void {
  const known = standardized((definition ?? model).opsets);
  const added = [...opsets].filter(([domain]) => !known.has(domain));
  if (definition === null) for (const [domain, version] of added) model.setOpset(domain, version);
  if (definition === null || added.length === 0) return;
  const saved = { ...definition, opsets: new Map([...definition.opsets, ...added]), origin: null };
  model.setFunctions(model.functions.map((other) => (other === definition ? saved : other)));
}

function standardized(opsets: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...opsets].map(([domain, version]) => [domain === 'ai.onnx' ? '' : domain, version]));
}

function checkCalls(table: FunctionTable, hosts: readonly Host[], path: string): void {
  const order = table.calleesFirst();
  const sound = new Set(order);
  const cyclic = table.definitions.find((definition) => !sound.has(definition));
  if (cyclic !== undefined) throw invalid(path, cyclic, 'it calls itself');
  const sizes = new Map<FunctionDefinition, number>();
  const newNodes = (graph: Graph) => table.calleesIn(graph).reduce((sum, callee) => sum + (sizes.get(callee) ?? 0), 0);
  for (const definition of order) {
    const own = [...allGraphsOf(definition.body)].reduce((sum, { nodeCount }) => sum + nodeCount, 0);
    sizes.set(definition, own + newNodes(definition.body));
  }
  const total = hosts.reduce((sum, { root }) => sum + newNodes(root), 0);
  const [last] = order.slice(-1);
  if (total > mostNewNodes && last) throw invalid(path, last, `its calls stand for more than ${mostNewNodes} nodes`);
}

function invalid(path: string, { domain, name }: FunctionDefinition, problem: string): ModelError {
  return new ModelError('model-invalid', { path, where: `function '${domain}.${name}'`, problem });
}

/** What a body calls in turn is inlined where it has been put. */
function inlineCalls(host: Host, table: FunctionTable): boolean {
  const waiting = [...table.callsIn(host.root)];
  let changed = false;
  for (let call = waiting.pop(); call !== undefined; call = waiting.pop()) {
    const definition = table.definitionOf(call);
    if (definition === null || call.graph === null || !isInlinable(call, definition, host)) continue;
    for (const [domain, version] of importsOf(definition)) host.opsets.set(domain, version);
    for (const copy of inline(call, definition, call.graph)) {
      if (table.definitionOf(copy) !== null) waiting.push(copy);
      for (const graph of copy.subgraphs) waiting.push(...table.callsIn(graph));
    }
    changed = true;
  }
  return changed;
}

function isInlinable(call: Node, definition: FunctionDefinition, host: Host): boolean {
  const { body } = definition;
  if (call.subgraphs.length > 0 || call.outputs.length > body.outputs.length) return false;
  if (body.inputs.some((value, index) => value.isOutput && call.input(index) === null)) return false;
  // What another graph returns without a node of its own cannot be handed over.
  if (call.outputs.some((value) => value?.isOutput === true && !value.graph.outputs.includes(value))) return false;
  return importsOf(definition).every(([domain, version]) => (host.opsets.get(domain) ?? version) === version);
}

/** Operator sets that the nodes of a function's body need. */
function importsOf({ body, opsets }: FunctionDefinition): readonly (readonly [string, number])[] {
  const spoken = new Set([...allGraphsOf(body)].flatMap((graph) => [...graph.nodes()].map(({ domain }) => domain)));
  return [...standardized(opsets)].filter(([domain]) => spoken.has(domain) || (domain === '' && spoken.has('ai.onnx')));
}

/** Puts a function's body before its call, removes the call, and returns the new nodes. */
function inline(call: Node, definition: FunctionDefinition, graph: Graph): readonly Node[] {
  const { body } = definition;
  const values = new Map<Value, Value | null>(body.inputs.map((value, index) => [value, call.input(index)]));
  const attribute = (inner: Attribute) => resolve(inner, { call, definition });
  const nodeName = (name: string) => (call.name === '' || name === '' ? name : `${call.name}/${name}`);
  const copies = copyNodes(body.nodes(), graph, { before: call, values, attribute, nodeName });
  // A function's symbolic dimensions are not those of the graph around it.
  for (const copy of copies) for (const value of copy.outputs) value?.setType(null);
  for (const [index, value] of call.outputs.entries()) {
    const result = body.outputs[index];
    const by = result && values.get(result);
    if (value !== null && by) handOver(value, { by, before: call });
  }
  graph.remove(call);
  return copies;
}

interface Caller {
  readonly call: Node;
  readonly definition: FunctionDefinition;
}

function resolve(attribute: Attribute, { call, definition }: Caller): Attribute | null {
  if (attribute.kind !== 'reference') return attribute;
  const wanted = attribute.value;
  const given = call.attributes.get(wanted) ?? definition.attributeDefaults.find(({ name }) => name === wanted) ?? null;
  return given && { ...given, name: attribute.name };
}
