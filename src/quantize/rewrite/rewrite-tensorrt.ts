import { attributeOf } from '../../onnx/attribute.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import type { Value } from '../../onnx/value.ts';
import { quantizeWeight } from '../numeric/quantize-weight.ts';
import type { QuantizationParameters } from '../numeric/scale-and-zero-point.ts';
import { nodesByKey } from './node-key.ts';
import { addPair, addParameters } from './qdq-pair.ts';
import { staticRuleOf } from './static-rules.ts';
import { addConstant, floatConstant } from './weights.ts';

export interface TensorrtPlan {
  /** Keys of layers. */
  readonly nodes: ReadonlySet<string>;
  /** Symmetric int8 parameters of a value by name; null where none are known. */
  parametersOf(value: string): QuantizationParameters | null;
  readonly perChannel: boolean;
}

export interface TensorrtReport {
  readonly quantized: ReadonlySet<string>;
  /** Keys of layers whose input's range is not known, with the value. */
  readonly unknown: ReadonlyMap<string, string>;
}

/**
 * Places QuantizeLinear and DequantizeLinear as TensorRT fuses them: symmetric int8 in front of the inputs and weights of
 * layers, biases in float, nothing behind a layer (that is what the next one's input is for), and one of the two branches
 * that a residual Add joins. Weights stay float32 in the file; TensorRT quantizes them by their scales while it builds.
 */
export function rewriteTensorrt(model: Model, plan: TensorrtPlan): TensorrtReport {
  const pairs = new Pairs(plan);
  const quantized = new Set<string>();
  const unknown = new Map<string, string>();
  for (const [key, node] of nodesByKey(model)) {
    const input = node.input(0);
    if (!plan.nodes.has(key) || staticRuleOf(node)?.kind !== 'layer' || input === null) continue;
    const real = pairs.of(input);
    if (real === null) {
      unknown.set(key, input.name);
      continue;
    }
    node.setInput(0, real);
    quantizeInPlace(node, plan.perChannel);
    quantized.add(key);
  }
  for (const node of nodesByKey(model).values()) quantizeShortcut(node, pairs);
  return { quantized, unknown };
}

/** One pair a value, however many layers read it. */
class Pairs {
  readonly #plan: TensorrtPlan;
  readonly #made = new Map<Value, Value>();

  constructor(plan: TensorrtPlan) {
    this.#plan = plan;
  }

  of(value: Value): Value | null {
    const known = this.#made.get(value);
    if (known !== undefined) return known;
    const parameters = this.#plan.parametersOf(value.name);
    if (parameters === null) return null;
    const { real } = addPair(value, addParameters(value.graph, value.name, parameters), { domain: '' });
    this.#made.set(value, real);
    return real;
  }
}

function quantizeInPlace(node: Node, perChannel: boolean): void {
  const { graph } = node;
  const value = node.input(1);
  const weight = floatConstant(value);
  if (graph === null || value === null || weight === null) return;
  const isRow = node.is('Conv') || (node.is('Gemm') && node.int('transB', 0) !== 0);
  const axis = perChannel ? (isRow ? 0 : 1) : null;
  const { scales } = quantizeWeight(weight, { type: 'int8', axis, reduced: false });
  const dims = axis === null ? [] : [scales.length];
  const scale = addConstant(graph, `${value.name}_scale`, { type: 'float32', dims, data: scales });
  const zeros = new Int8Array(scales.length);
  const zeroPoint = addConstant(graph, `${value.name}_zero_point`, { type: 'int8', dims, data: zeros });
  const attributes = axis === null ? [] : [attributeOf.int('axis', axis)];
  let real: Value | null = value;
  for (const op of ['QuantizeLinear', 'DequantizeLinear']) {
    const name = graph.names.uniqueNode(`${value.name}_${op}`);
    const outputs = [`${value.name}_${op === 'QuantizeLinear' ? 'quantized' : 'dequantized'}`];
    real = graph.insertBefore(node, { op, name, inputs: [real, scale, zeroPoint], outputs, attributes }).output(0);
  }
  node.setInput(1, real);
}

/** The branch that does not come straight from a layer: the layer's own can then be fused with the Add. */
function quantizeShortcut(node: Node, pairs: Pairs): void {
  if (!node.is('Add')) return;
  const [a = null, b = null] = node.inputs;
  if (a === null || b === null || constantOf(a) !== null || constantOf(b) !== null) return;
  if (isLayer(a) === isLayer(b) && !isLayer(a)) return;
  const index = isLayer(a) ? 1 : 0;
  const shortcut = index === 1 ? b : a;
  const real = pairs.of(shortcut);
  if (real !== null) node.setInput(index, real);
}

function isLayer(value: Value): boolean {
  return value.producer?.is('Conv') === true;
}
