import type { DataType } from '../../onnx/data-type.ts';
import type { Graph } from '../../onnx/graph.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { inferTypes } from '../../onnx/shape/infer-types.ts';
import { valuesOf } from '../../onnx/traverse.ts';
import type { Value } from '../../onnx/value.ts';
import { tensorType } from '../../onnx/value-type.ts';
import { copyModel } from '../copy-model.ts';
import type { ActivationSite, TrialSite } from './trial-site.ts';

/** Inputs that one site adds to a model. */
export interface SiteInputs {
  readonly site: TrialSite;
  /** A bool scalar. */
  readonly flag: string;
  /** Scalars: a float32, and one of the site's type. Null for other kinds. */
  readonly parameters: { readonly scale: string; readonly zeroPoint: string } | null;
}

export interface TrialModel {
  readonly model: Model;
  readonly inputs: readonly SiteInputs[];
}

/** DynamicQuantizeLinear's first operator set; the other operators are older. */
const leastOpset = 11;

/**
 * A copy of a model with a switch at every site: `Where(flag, rounded, original)`. Throws RangeError for a site that
 * names no value, constant or float32 of the main graph, and for an operator set before 11.
 */
export function trialModel(original: Model, sites: readonly TrialSite[]): TrialModel {
  if (original.opset < leastOpset)
    throw new RangeError(`trials need operator set ${leastOpset}, not ${original.opset}`);
  const model = copyModel(original);
  const { graph } = model;
  const types = inferTypes(model);
  const places = new Map<string, Place>();
  for (const value of valuesOf(graph)) places.set(value.name, { value, slots: value.uses, last: value.producer });
  const start = graph.firstNode;
  const inputs = sites.map((site) => {
    const place = places.get(site.value);
    if (place === undefined) throw new RangeError(`there is no value '${site.value}' in the main graph`);
    requireFit(site, place.value, types.get(place.value)?.elementType ?? null);
    return new SiteWriter({ graph, place, start }).write(site);
  });
  return { model, inputs };
}

function requireFit(site: TrialSite, value: Value, type: DataType | null): void {
  if (site.kind !== 'weight') {
    if (type !== null && type !== 'float32') throw new RangeError(`'${site.value}' is ${type}, not float32`);
    return;
  }
  const { constant } = value;
  const { type: stored, dims } = site.replacement;
  if (constant === null) throw new RangeError(`'${site.value}' is no constant`);
  if (constant.type !== stored || constant.dims.join() !== dims.join())
    throw new RangeError(`the replacement of '${site.value}' has another type or shape`);
}

/** A value, who read it in the beginning, and the last node that was put behind it. */
interface Place {
  readonly value: Value;
  readonly slots: Value['uses'];
  last: Node | null;
}

interface SiteWriterOptions {
  readonly graph: Graph;
  readonly place: Place;
  /** Node that was the first: what depends on inputs and constants only goes before it. */
  readonly start: Node | null;
}

/** Writes the nodes of one site right behind what they read, so that the graph stays in order. */
class SiteWriter {
  readonly #graph: Graph;
  readonly #place: Place;
  readonly #start: Node | null;

  constructor({ graph, place, start }: SiteWriterOptions) {
    this.#graph = graph;
    this.#place = place;
    this.#start = start;
  }

  write(site: TrialSite): SiteInputs {
    const flag = this.#input(`${site.value}_on`, 'bool');
    if (site.kind !== 'activation') {
      const { value } = this.#place;
      const rounded =
        site.kind === 'weight'
          ? this.#graph.addInitializer(`${value.name}_replacement`, site.replacement)
          : this.#ops('DequantizeLinear', this.#ops('DynamicQuantizeLinear', [value], 3))[0];
      this.#switch(site, flag, rounded);
      return { site, flag: flag.name, parameters: null };
    }
    const [scale, zeroPoint, rounded] = this.#roundedActivation(site);
    this.#switch(site, flag, rounded);
    return { site, flag: flag.name, parameters: { scale: scale.name, zeroPoint: zeroPoint.name } };
  }

  #roundedActivation(site: ActivationSite): readonly [Value, Value, Value | undefined] {
    const scale = this.#input(`${site.value}_scale`, 'float32');
    const zeroPoint = this.#input(`${site.value}_zero_point`, site.type);
    const quantized = this.#ops('QuantizeLinear', [this.#place.value, scale, zeroPoint]);
    return [scale, zeroPoint, this.#ops('DequantizeLinear', [...quantized, scale, zeroPoint])[0]];
  }

  /** Lets the site's users read one value or the other. Users that read another site's switch keep it as the other. */
  #switch({ users }: TrialSite, flag: Value, rounded: Value | undefined): void {
    const switches = new Map<Value, Value>();
    for (const { node, index } of this.#place.slots) {
      const read = node.input(index);
      if (read === null || rounded === undefined || (users !== undefined && !isAmong(node, users))) continue;
      const chosen = switches.get(read) ?? this.#ops('Where', [flag, rounded, read])[0];
      if (chosen === undefined) continue;
      switches.set(read, chosen);
      node.setInput(index, chosen);
    }
  }

  #input(name: string, type: DataType): Value {
    return this.#graph.addInput(this.#graph.names.unique(name), tensorType(type, []));
  }

  #ops(op: string, inputs: readonly Value[], outputs = 1): readonly Value[] {
    const base = `${this.#place.value.name}_${op}`;
    const spec = { op, inputs, outputs: Array.from({ length: outputs }, () => base) };
    const { last } = this.#place;
    const node = last === null ? this.#graph.insertBefore(this.#start, spec) : this.#graph.insertAfter(last, spec);
    this.#place.last = node;
    return node.outputs.filter((value) => value !== null);
  }
}

function isAmong(node: Node, users: readonly string[]): boolean {
  return users.includes(node.name === '' ? (node.output(0)?.name ?? '') : node.name);
}
