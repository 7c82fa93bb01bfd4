import type { Model } from '../../onnx/model.ts';
import type { Node } from '../../onnx/node.ts';
import { constantOf } from '../../onnx/passes/constant-of.ts';
import { allNodes, nodeKey } from '../rewrite/node-key.ts';
import { productLayerOf } from '../rewrite/product-layer.ts';
import { staticRuleOf } from '../rewrite/static-rules.ts';
import type { FloatReason } from '../vocabulary.ts';
import type { Exclusion } from './exclusion.ts';

/** A node that quantizing could be for. */
export interface QuantizableLayer {
  readonly node: Node;
  readonly key: string;
  readonly kind: 'convolution' | 'product' | 'embedding' | 'other';
  /** Elements of its constant weight. */
  readonly parameters: number;
  /** Why it has to stay in float whatever the method; null where it may be tried. */
  readonly reason: FloatReason | null;
}

/** Fewer weights are not worth a conversion. */
const fewestWeights = 256;

const layerOps = ['Conv', 'MatMul', 'Gemm', 'Gather', 'ConvTranspose', 'Einsum', 'LSTM', 'GRU', 'RNN'] as const;

const weightIndex: Readonly<Record<string, number>> = { Gather: 0 };

/** Every node of a model, at any depth, that has or could have a weight. */
export function findLayers(model: Model, exclusion: Exclusion): readonly QuantizableLayer[] {
  const layers: QuantizableLayer[] = [];
  for (const node of allNodes(model)) if (node.is(...layerOps)) layers.push(...layerOf(node, exclusion));
  return layers;
}

/** Of a model that has small layers only, these are what its user means. */
export function withSmallLayers(layers: readonly QuantizableLayer[]): readonly QuantizableLayer[] {
  if (layers.some(({ reason }) => reason === null)) return layers;
  return layers.map((layer) => (layer.reason === 'too-small' ? { ...layer, reason: null } : layer));
}

function layerOf(node: Node, exclusion: Exclusion): readonly QuantizableLayer[] {
  const weight = constantOf(node.input(weightIndex[node.op] ?? 1));
  const isTable = node.is('Gather');
  // A Gather picks rows of a table of weights, or elements of anything: only the first is a layer.
  if (isTable && (weight === null || weight.type !== 'float32' || weight.dims.length !== 2)) return [];
  const parameters = weight?.elementCount ?? 0;
  if (isTable && parameters < fewestWeights) return [];
  const kind = isTable ? 'embedding' : node.is('Conv') ? 'convolution' : productKind(node);
  return [{ node, key: nodeKey(node), kind, parameters, reason: exclusion.has(node) ? 'excluded' : obstacleOf(node) }];
}

function productKind(node: Node): QuantizableLayer['kind'] {
  return node.is('MatMul', 'Gemm') ? 'product' : 'other';
}

function obstacleOf(node: Node): FloatReason | null {
  const weightValue = node.input(weightIndex[node.op] ?? 1);
  const weight = constantOf(weightValue);
  if (weightValue?.producer?.op === 'DequantizeLinear') return 'already-quantized';
  if (node.is('ConvTranspose', 'LSTM', 'GRU', 'RNN', 'Einsum')) return 'no-integer-kernel';
  if (weight === null) return 'weight-not-constant';
  if (weight.type !== 'float32') return 'weight-type';
  if (node.is('Gather')) return null;
  if (staticRuleOf(node) === null && productLayerOf(node) === null) return 'no-integer-kernel';
  return weight.elementCount < fewestWeights ? 'too-small' : null;
}
