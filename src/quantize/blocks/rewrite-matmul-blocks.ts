import { attributeOf } from '../../onnx/attribute.ts';
import type { Graph } from '../../onnx/graph.ts';
import { longs } from '../../onnx/graph-builder.ts';
import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import type { ShapeOf } from '../../onnx/passes/inferred-shapes.ts';
import { Tensor } from '../../onnx/tensor.ts';
import type { Value } from '../../onnx/value.ts';
import type { BlockTensors } from './block-tensors.ts';
import { dropUnused, sharedInitializer } from './constants-in-use.ts';
import { contribDomain, importContrib } from './contrib-domain.ts';
import type { ProductWeight } from './product-weight.ts';
import { missingAxes, productWeight } from './product-weight.ts';

export interface MatMulBlocksOptions {
  /** Of the node's weight. */
  readonly tensors: BlockTensors;
  /** 4 lets onnxruntime round the activations to 8 bits: its fast kernels on CPU. 0 computes in float32. */
  readonly accuracyLevel: 0 | 1 | 2 | 3 | 4;
  /** Tells ranks where the model declares none. */
  readonly shapeOf?: ShapeOf;
}

const gemmAttributes = ['alpha', 'beta', 'transA', 'transB'];

/**
 * Makes a MatMul or Gemm with a constant weight a MatMulNBits (domain com.microsoft), on the same output. A Gemm's
 * bias `[N]` goes with it, another C is added behind. Axes of length 1 that only the weight has are put back behind.
 * The float weight is removed unless others read it. False, and nothing changed, where `productWeight` finds none or
 * the rank of the left input must be known and is not. Throws RangeError for tensors of another shape.
 */
export function rewriteMatMulBlocks(model: Model, node: Node, options: MatMulBlocksOptions): boolean {
  const weight = productWeight(node);
  if (weight === null || node.graph === null) return false;
  if (weight.k !== options.tensors.k || weight.n !== options.tensors.n)
    throw new RangeError(`blocks of [${options.tensors.k}, ${options.tensors.n}] for [${weight.k}, ${weight.n}]`);
  const axes = missingAxes(node, weight, options.shapeOf ?? null);
  if (axes === null) return false;
  const read = node.input(1);
  const term = node.input(2);
  const bias = term !== null && isBias(term, weight.n) ? term : null;
  const inputs = [node.input(0), ...weightInputs(weight, options.tensors), null, bias];
  while (inputs.at(-1) === null) inputs.pop();
  for (const name of gemmAttributes) node.removeAttribute(name);
  if (axes > 0) unsqueezeBehind(model, node, { inputs, axes, options });
  else if (term !== bias) addBehind(node, { inputs, term, options });
  else {
    node.setOp('MatMulNBits', contribDomain);
    node.setInputs(inputs);
    for (const attribute of attributesOf(options)) node.setAttribute(attribute);
  }
  importContrib(model);
  dropUnused(read);
  return true;
}

/** MatMulNBits takes one number for each column only (onnxruntime 1.30 honors it on CPU, with every level). */
function isBias(term: Value, n: number): boolean {
  const { constant } = term;
  return constant?.type === 'float32' && constant.dims.length === 1 && constant.dims[0] === n;
}

function weightInputs({ value }: ProductWeight, { bits, b, scales, zeroPoints }: BlockTensors): (Value | null)[] {
  const { graph, name } = value;
  return [
    sharedInitializer(graph, `${name}_q${bits}`, b),
    sharedInitializer(graph, `${name}_scales`, scales),
    zeroPoints && sharedInitializer(graph, `${name}_zero_points`, zeroPoints),
  ];
}

function attributesOf({ tensors, accuracyLevel }: MatMulBlocksOptions) {
  return [
    attributeOf.int('K', tensors.k),
    attributeOf.int('N', tensors.n),
    attributeOf.int('bits', tensors.bits),
    attributeOf.int('block_size', tensors.blockSize),
    attributeOf.int('accuracy_level', accuracyLevel),
  ];
}

interface Rewrite {
  readonly inputs: readonly (Value | null)[];
  readonly options: MatMulBlocksOptions;
}

/** The product as a node of its own before `node`, which becomes something behind it. */
function productBefore(node: Node, { inputs, options }: Rewrite): Value | null {
  const base = node.output(0)?.name ?? node.name;
  const graph: Graph | null = node.graph;
  const product = graph?.insertBefore(node, {
    op: 'MatMulNBits',
    domain: contribDomain,
    name: node.name === '' ? '' : graph.names.uniqueNode(`${node.name}_q${options.tensors.bits}`),
    inputs,
    outputs: [`${base}_product`],
    attributes: attributesOf(options),
  });
  return product?.output(0) ?? null;
}

function addBehind(node: Node, { term, ...rewrite }: Rewrite & { readonly term: Value | null }): void {
  const product = productBefore(node, rewrite);
  node.setOp('Add');
  node.setInputs([product, term]);
}

/** From opset 13 on Unsqueeze takes its axes as an input. */
function unsqueezeBehind(model: Model, node: Node, { axes, ...rewrite }: Rewrite & { readonly axes: number }): void {
  const product = productBefore(node, rewrite);
  const list = Array.from({ length: axes }, (_, axis) => axis);
  node.setOp('Unsqueeze');
  if (model.opset >= 13) {
    const constant = node.graph?.addInitializer(`${node.output(0)?.name ?? ''}_axes`, Tensor.fromDense(longs(list)));
    node.setInputs([product, constant ?? null]);
  } else {
    node.setInputs([product]);
    node.setAttribute(attributeOf.ints('axes', list));
  }
}
