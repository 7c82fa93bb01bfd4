import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import type { Value } from '../../onnx/value.ts';
import { productLayerOf } from './product-layer.ts';

/**
 * How an operator computes with integers between DequantizeLinear and QuantizeLinear in onnxruntime's CPU provider
 * (core/optimizer/qdq_transformer/selectors_actions). Operators without a rule stay in float: pairs around them would
 * only cost time.
 */
export interface StaticRule {
  /** `layer`: has a weight; `arithmetic`: computes; `movement`: passes integers on, so that both sides share a scale. */
  readonly kind: 'layer' | 'arithmetic' | 'movement';
  /** Inputs that carry activations (or constants of their kind). */
  readonly data: readonly number[];
  /** Whether it computes with integers only when its output is quantized again. */
  readonly needsOutput: boolean;
}

const layer = (needsOutput: boolean): StaticRule => ({ kind: 'layer', data: [0], needsOutput });
const arithmetic = (...data: readonly number[]): StaticRule => ({ kind: 'arithmetic', data, needsOutput: true });
const movement: StaticRule = { kind: 'movement', data: [0], needsOutput: true };

const plainRules: ReadonlyMap<string, StaticRule> = new Map([
  ['Add', arithmetic(0, 1)],
  ['Mul', arithmetic(0, 1)],
  ['AveragePool', arithmetic(0)],
  ['GlobalAveragePool', arithmetic(0)],
  ['Sigmoid', arithmetic(0)],
  ['LeakyRelu', arithmetic(0)],
  ['Softmax', arithmetic(0)],
  ['MaxPool', movement],
  ['Reshape', movement],
  ['Transpose', movement],
  ['Squeeze', movement],
  ['Unsqueeze', movement],
  ['Slice', movement],
  ['Flatten', movement],
  ['Tile', movement],
  ['Expand', movement],
  ['DepthToSpace', movement],
  ['Split', movement],
]);

/** The rule for a node; null where onnxruntime would not compute it with integers. */
export function staticRuleOf(node: Node): StaticRule | null {
  if (node.is('Conv')) return isConvolution(node) ? layer(true) : null;
  if (node.is('MatMul', 'Gemm')) return productRule(node);
  if (node.is('Concat')) return arithmetic(...node.inputs.keys());
  if (node.is('Resize')) return isNearest(node) ? movement : null;
  // The second output of a MaxPool, its indices, has no integer kernel.
  if (node.is('MaxPool') && node.outputs.length > 1) return null;
  return node.is(node.op) ? (plainRules.get(node.op) ?? null) : null;
}

/** A constant float32 weight, and a bias that is missing or constant. */
function isConvolution(node: Node): boolean {
  const bias = node.input(2);
  return isFloat(node.input(1)) && (bias === null || isFloat(bias)) && constantOf(node.input(0)) === null;
}

function isFloat(value: Value | null): boolean {
  const tensor = constantOf(value);
  return tensor !== null && tensor.type === 'float32' && tensor.elementCount > 0;
}

/** QGemm multiplies nothing in: alpha and beta must be 1. */
function productRule(node: Node): StaticRule | null {
  const product = productLayerOf(node);
  if (product === null) return null;
  const isPlain = node.is('MatMul') || (product.alpha === 1 && (product.bias === null || product.beta === 1));
  return isPlain ? layer(false) : null;
}

/** The one way of resizing that makes no new numbers. */
function isNearest(node: Node): boolean {
  return (
    node.string('mode', 'nearest') === 'nearest' &&
    node.string('coordinate_transformation_mode', 'half_pixel') !== 'tf_crop_and_resize'
  );
}
