import type { Attribute } from '../attribute.ts';
import type { FunctionDefinition } from '../function-definition.ts';
import { functionKey } from '../function-definition.ts';
import type { Model } from '../model.ts';
import type { Node } from '../node.ts';
import type { InferredScope } from './inferred-scope.ts';
import type { NodeView } from './node-view.ts';
import type { TensorInfo } from './tensor-info.ts';

/** The functions of a model and the calls of them that were followed. */
export class FunctionCalls {
  readonly #definitions: ReadonlyMap<string, FunctionDefinition>;
  readonly #followed = new Map<string, InferredScope>();
  /** Functions whose bodies are being followed: one that calls itself, which ONNX forbids, must not hang us. */
  readonly #open = new Set<FunctionDefinition>();

  constructor({ functions }: Model) {
    this.#definitions = new Map(functions.map((definition) => [functionKey(definition), definition]));
  }

  definitionOf(node: Node): FunctionDefinition | null {
    if (this.#definitions.size === 0) return null;
    return (
      this.#definitions.get(functionKey({ domain: node.domain, name: node.op, overload: node.info.overload ?? '' })) ??
      null
    );
  }

  /** The scope of a call; null for a function within itself. `follow` makes it where no equal call was met before. */
  scopeOf(
    definition: FunctionDefinition,
    view: NodeView,
    follow: (inputs: readonly TensorInfo[], bindings: ReadonlyMap<string, Attribute>) => InferredScope,
  ): InferredScope | null {
    if (this.#open.has(definition)) return null;
    const bindings = bindingsOf(definition, view);
    const key = callKey(definition, view, bindings);
    const known = key === null ? undefined : this.#followed.get(key);
    if (known !== undefined) return known;
    this.#open.add(definition);
    const scope = follow(view.inputs(), bindings);
    this.#open.delete(definition);
    if (key !== null) this.#followed.set(key, scope);
    return scope;
  }
}

function bindingsOf(definition: FunctionDefinition, view: NodeView): ReadonlyMap<string, Attribute> {
  const bindings = new Map(definition.attributeDefaults.map((attribute) => [attribute.name, attribute]));
  for (const name of view.node.attributes.keys()) {
    const attribute = view.attribute(name);
    if (attribute !== null) bindings.set(name, attribute);
  }
  return bindings;
}

/** Equal keys mean equal results; null for attributes too large to compare. */
function callKey(
  { domain, name, overload }: FunctionDefinition,
  view: NodeView,
  bindings: ReadonlyMap<string, Attribute>,
): string | null {
  const attributes: unknown[] = [];
  for (const attribute of bindings.values()) {
    if (attribute.kind === 'float' || attribute.kind === 'floats') attributes.push([attribute.name, attribute.value]);
    else if (attribute.kind === 'int') attributes.push([attribute.name, String(attribute.value)]);
    else if (attribute.kind === 'ints') attributes.push([attribute.name, attribute.value.map(String)]);
    else if (attribute.kind === 'string')
      attributes.push([attribute.name, Buffer.from(attribute.value).toString('hex')]);
    else return null;
  }
  return JSON.stringify([domain, name, overload, attributes, view.inputs().map((info, at) => [view.has(at), info])]);
}
