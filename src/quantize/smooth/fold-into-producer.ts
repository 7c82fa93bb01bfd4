import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import type { Value } from '../../onnx/value.ts';
import { productLayerOf, rowOf } from '../rewrite/product-layer.ts';
import { floatConstant } from '../rewrite/weights.ts';
import { multipliedAlong, rowAlong } from './along-axis.ts';
import { replaceConstant } from './replace-constant.ts';

/** Multiplies the channels of a value by factors, by changing constants of what makes it. */
export type Fold = (factors: Float64Array) => void;

/**
 * How the channels along the last axis of a value can be multiplied by factors above 0 without a new node: by the scale
 * and bias of a LayerNormalization, a constant factor or term, or the columns of a constant matrix, also through Relu.
 * Null where nothing of it is there, or where others would see the change. `channels` is the length of the last axis.
 */
export function foldIntoProducer(value: Value, channels: number): Fold | null {
  const node = value.producer;
  if (node === null || node.graph !== value.graph || node.output(0) !== value) return null;
  if (node.is('LayerNormalization', 'RMSNormalization')) return foldNormalization(node, channels);
  if (node.is('MatMul', 'Gemm')) return foldProduct(node, channels);
  if (node.is('Mul', 'Add')) return foldArithmetic(node, channels);
  // For factors above 0, max(0, s x) = s max(0, x).
  return node.is('Relu', 'Identity') ? foldOnly(node, 0, channels) : null;
}

/** The same for an input that only this node reads. */
function foldOnly(node: Node, index: number, channels: number): Fold | null {
  const value = node.input(index);
  if (value === null || value.onlyUser !== node || value.useCount !== 1) return null;
  return foldIntoProducer(value, channels);
}

function foldNormalization(node: Node, channels: number): Fold | null {
  const folds = [1, 2].filter((index) => node.input(index) !== null).map((index) => foldVector(node, index, channels));
  const usable = folds.filter((fold) => fold !== null);
  // One number for each element behind the axis: with a vector, the axis is the last one.
  if (floatConstant(node.input(1))?.dims.length !== 1 || usable.length < folds.length) return null;
  return all(usable);
}

function foldVector(node: Node, index: number, channels: number): Fold | null {
  const constant = floatConstant(node.input(index));
  const row = constant && rowAlong(constant, channels);
  if (row === null) return null;
  return (factors) => replaceConstant(node, index, multipliedAlong(row, row.dims.length - 1, factors));
}

function foldProduct(node: Node, channels: number): Fold | null {
  const layer = productLayerOf(node);
  const weight = layer && floatConstant(layer.weight);
  if (layer === null || weight === null || layer.weight.useCount !== 1) return null;
  const axis = layer.isTransposed ? 0 : 1;
  if (weight.dims[axis] !== channels) return null;
  return (factors) => {
    replaceConstant(node, 1, multipliedAlong(weight, axis, factors));
    const bias = floatConstant(layer.bias);
    // As it is stored: without beta, which stays an attribute.
    const row = bias && rowOf({ ...layer, beta: 1 }, channels);
    if (row !== null) replaceConstant(node, 2, multipliedAlong({ dims: [channels], data: row }, 0, factors));
  };
}

/** A factor takes the others in; of a sum, both terms are multiplied. */
function foldArithmetic(node: Node, channels: number): Fold | null {
  const index = [0, 1].find((each) => constantOf(node.input(each)) !== null);
  const constant = index === undefined ? null : foldVector(node, index, channels);
  if (node.is('Mul')) return constant ?? foldOnly(node, 0, channels) ?? foldOnly(node, 1, channels);
  const folds = constant === null ? [0, 1].map((each) => foldOnly(node, each, channels)) : [constant];
  const other = index === undefined || constant === null ? [] : [foldOnly(node, 1 - index, channels)];
  const usable = [...folds, ...other].filter((fold) => fold !== null);
  return usable.length === 2 ? all(usable) : null;
}

function all(folds: readonly Fold[]): Fold {
  return (factors) => {
    for (const fold of folds) fold(factors);
  };
}
