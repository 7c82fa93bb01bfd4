import type { Graph } from '../../onnx/graph.ts';
import type { Node } from '../../onnx/node.ts';
import { attributeOf } from '../../onnx/attribute.ts';
import { handOver } from '../../onnx/passes/hand-over.ts';
import type { Value } from '../../onnx/value.ts';
import type { QuantizedWeight } from '../numeric/quantize-weight.ts';
import { quantizeWeight } from '../numeric/quantize-weight.ts';
import type { ProductLayer } from './product-layer.ts';
import { matrixOf, productLayerOf, rowOf } from './product-layer.ts';
import { addConstant, removeUnread } from './weights.ts';

export interface DynamicRule {
  readonly perChannel: boolean;
  /** 7-bit weights. */
  readonly reduced: boolean;
}

/** What DynamicQuantizeLinear makes of one value. */
interface DynamicInput {
  readonly quantized: Value;
  readonly scale: Value;
  readonly zeroPoint: Value;
}

interface SharedWeight {
  readonly data: Value;
  readonly scales: Value;
  readonly zeroPoints: Value;
  readonly columns: number;
}

/**
 * Rewrites products with constant matrices so that they quantize their input while they run:
 *
 *     DynamicQuantizeLinear -> MatMulInteger -> Cast -> Mul by both scales -> Add of the bias
 *
 * which onnxruntime fuses to DynamicQuantizeMatMul, or to MatMulIntegerToFloat where several products share an input
 * (matmul_integer_to_float.cc, dynamic_quantize_matmul_fusion.cc). One of it serves a whole model: inputs and weights
 * that are shared stay so. Gemm becomes a product and an Add. Opset 11 is needed.
 */
export class DynamicRewriter {
  readonly #rule: DynamicRule;
  /** Products of one graph share them; those of a body have their own, for a branch may not run. */
  readonly #inputs = new Map<Graph, Map<Value, DynamicInput>>();
  readonly #weights = new Map<Value, Map<string, SharedWeight>>();

  constructor(rule: DynamicRule) {
    this.#rule = rule;
  }

  /** Tells whether it rewrote the node; others than those of `productLayerOf` are left alone. */
  rewrite(node: Node): boolean {
    const layer = productLayerOf(node);
    const { graph } = node;
    const output = node.output(0);
    if (layer === null || graph === null || output === null || output.isUnused) return false;
    handOver(output, { by: this.#product(layer, output.name), before: node });
    graph.remove(node);
    removeUnread([layer.weight, layer.bias]);
    return true;
  }

  #product(layer: ProductLayer, name: string): Value {
    const { node } = layer;
    const x = this.#input(layer.input, node);
    const weight = this.#weight(layer, name);
    const op = (op: string, inputs: readonly Value[], as: string): Value => append(node, { op, inputs, as });
    const label = node.name === '' ? name : node.name;
    const sums = append(node, {
      op: 'MatMulInteger',
      inputs: [x.quantized, weight.data, x.zeroPoint, weight.zeroPoints],
      as: `${name}_int32`,
      name: node.graph?.names.uniqueNode(`${label}_quant`) ?? '',
    });
    const cast = append(node, { op: 'Cast', inputs: [sums], as: `${name}_cast`, to: 1 });
    const scales = op('Mul', [x.scale, weight.scales], `${name}_scales`);
    const product = op('Mul', [cast, scales], `${name}_product`);
    const bias = rowOf(layer, weight.columns);
    if (bias === null) return product;
    const row = addConstant(output(node), `${name}_bias`, { type: 'float32', dims: [bias.length], data: bias });
    return op('Add', [product, row], `${name}_sum`);
  }

  #input(value: Value, before: Node): DynamicInput {
    const graph = output(before);
    const inputs = this.#inputs.get(graph) ?? new Map<Value, DynamicInput>();
    this.#inputs.set(graph, inputs);
    const known = inputs.get(value);
    if (known !== undefined) return known;
    const spec = {
      op: 'DynamicQuantizeLinear',
      inputs: [value],
      outputs: [`${value.name}_quantized`, `${value.name}_scale`, `${value.name}_zero_point`],
      name: graph.names.uniqueNode(`${value.name}_DynamicQuantizeLinear`),
    };
    // As early as can be, so that every product that reads the value finds it.
    const made =
      value.producer !== null && value.graph === graph
        ? graph.insertAfter(value.producer, spec)
        : graph.insertBefore(graph.firstNode, spec);
    const [quantized = value, scale = value, zeroPoint = value] = made.outputs.filter((one) => one !== null);
    const input = { quantized, scale, zeroPoint };
    inputs.set(value, input);
    return input;
  }

  #weight(layer: ProductLayer, name: string): SharedWeight {
    const shape = `${layer.isTransposed} ${layer.alpha}`;
    const ofValue = this.#weights.get(layer.weight) ?? new Map<string, SharedWeight>();
    this.#weights.set(layer.weight, ofValue);
    const known = ofValue.get(shape);
    if (known !== undefined) return known;
    const { perChannel, reduced } = this.#rule;
    const quantized = quantizeWeight(matrixOf(layer), { type: 'int8', axis: perChannel ? 1 : null, reduced });
    const shared = this.#store(quantized, layer, layer.weight.name === '' ? name : layer.weight.name);
    ofValue.set(shape, shared);
    return shared;
  }

  /** Beside the float weight: branches that share one go on sharing it. */
  #store({ dims, data, scales }: QuantizedWeight, { weight: { graph } }: ProductLayer, name: string): SharedWeight {
    const shape = scales.length === 1 ? [] : [scales.length];
    const zeros = new Int8Array(scales.length);
    return {
      data: addConstant(graph, `${name}_quantized`, { type: 'int8', dims, data }),
      scales: addConstant(graph, `${name}_scale`, { type: 'float32', dims: shape, data: scales }),
      zeroPoints: addConstant(graph, `${name}_zero_point`, { type: 'int8', dims: shape, data: zeros }),
      columns: dims[1] ?? 0,
    };
  }
}

interface NewNode {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly as: string;
  readonly name?: string;
  /** Type number of a Cast. */
  readonly to?: number;
}

function append(before: Node, { op, inputs, as, name = '', to }: NewNode): Value {
  const attributes = to === undefined ? [] : [attributeOf.int('to', to)];
  const made = output(before)
    .insertBefore(before, { op, inputs, outputs: [as], name, attributes })
    .output(0);
  if (made === null) throw new RangeError('a node has at least one output');
  return made;
}

function output({ graph, name }: Node): Graph {
  if (graph === null) throw new RangeError(`node '${name}' is in no graph`);
  return graph;
}
