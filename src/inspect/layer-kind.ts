import type { Node } from '../onnx/node.ts';

/** What a layer is to quantization and pruning. */
export type LayerKind = 'convolution' | 'product' | 'embedding' | 'attention' | 'recurrent' | 'quantized';

export interface LayerShape {
  readonly kind: LayerKind;
  /** Input that carries the weight; null where there is none of its own. */
  readonly weight: number | null;
}

const standard: ReadonlyMap<string, LayerShape> = new Map<string, LayerShape>([
  ['Conv', { kind: 'convolution', weight: 1 }],
  ['ConvTranspose', { kind: 'convolution', weight: 1 }],
  ['DeformConv', { kind: 'convolution', weight: 1 }],
  ['Gemm', { kind: 'product', weight: 1 }],
  ['MatMul', { kind: 'product', weight: 1 }],
  ['Einsum', { kind: 'product', weight: null }],
  ['Gather', { kind: 'embedding', weight: 0 }],
  ['Attention', { kind: 'attention', weight: null }],
  ['LSTM', { kind: 'recurrent', weight: 1 }],
  ['GRU', { kind: 'recurrent', weight: 1 }],
  ['RNN', { kind: 'recurrent', weight: 1 }],
  ['QLinearConv', { kind: 'quantized', weight: 3 }],
  ['QLinearMatMul', { kind: 'quantized', weight: 3 }],
  ['ConvInteger', { kind: 'quantized', weight: 1 }],
  ['MatMulInteger', { kind: 'quantized', weight: 1 }],
]);

const contrib: ReadonlyMap<string, LayerShape> = new Map<string, LayerShape>([
  ['FusedConv', { kind: 'convolution', weight: 1 }],
  ['FusedGemm', { kind: 'product', weight: 1 }],
  ['FusedMatMul', { kind: 'product', weight: 1 }],
  ['Attention', { kind: 'attention', weight: 1 }],
  ['MultiHeadAttention', { kind: 'attention', weight: null }],
  ['GroupQueryAttention', { kind: 'attention', weight: null }],
  ['MatMulNBits', { kind: 'quantized', weight: 1 }],
  ['GatherBlockQuantized', { kind: 'quantized', weight: 0 }],
  ['QGemm', { kind: 'quantized', weight: 3 }],
  ['QAttention', { kind: 'quantized', weight: 1 }],
  ['MatMulIntegerToFloat', { kind: 'quantized', weight: 1 }],
  ['DynamicQuantizeMatMul', { kind: 'quantized', weight: 1 }],
  ['DynamicQuantizeLSTM', { kind: 'quantized', weight: 1 }],
]);

/** Null for operators that carry no layer's weight. */
export function layerShapeOf(node: Node): LayerShape | null {
  const shapes = node.domain === 'com.microsoft' ? contrib : node.is(node.op) ? standard : null;
  return shapes?.get(node.op) ?? null;
}
