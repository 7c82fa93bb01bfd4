import type { Node } from '../../onnx/node.ts';

const products = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul', 'Einsum', 'LSTM', 'GRU', 'RNN', 'Attention'] as const;

/** Normalizations of other domains than the standard one, which are no layers by themselves. */
const contribNorms: ReadonlySet<string> = new Set(['SimplifiedLayerNormalization', 'LayerNormalization', 'Gelu']);

const norms: ReadonlySet<string> = new Set([
  'LayerNormalization',
  'SimplifiedLayerNormalization',
  'RMSNormalization',
  'BatchNormalization',
  'GroupNormalization',
  'InstanceNormalization',
]);

const activations = ['Relu', 'LeakyRelu', 'PRelu', 'Elu', 'Selu', 'Celu', 'Gelu', 'Mish', 'Clip', 'HardSwish', 'Tanh'];

/** Whether a node multiplies activations by weights or by each other, as layers do. Unknown operators may. */
export function isProduct(node: Node): boolean {
  return node.is(node.op) ? node.is(...products) : !contribNorms.has(node.op);
}

/** Whether a node looks at how long its input is, and at none of its elements. */
export function readsLengths(node: Node): boolean {
  return node.is('Shape', 'Size');
}

/** Whether a node may stand between a sum and the stream: a norm or an activation of every element. */
export function mayFollowSum(node: Node): boolean {
  return norms.has(node.op) || node.is(...activations);
}

/** Whether a node mixes neighbors and leaves what they are: a rectified pixel is one behind it, too. */
export function isPool(node: Node): boolean {
  return node.is('MaxPool', 'AveragePool');
}

/** Whether a node may stand on the way past a block, which a constant scales or a projection brings into shape. */
export function maySkip(node: Node): boolean {
  return mayResize(node) || node.is('Mul', 'Div', 'Cast', 'Identity', 'BatchNormalization');
}

/** Whether a node may bring a stream into the shape of the block beside it. */
export function mayResize(node: Node): boolean {
  return isPool(node) || node.is('Pad', 'Conv', 'Gemm', 'MatMul');
}

/** What a stream's blocks are told apart by: one with a softmax is no feed-forward network. */
export function isTelling(node: Node): boolean {
  return isProduct(node) || node.is('Softmax');
}
