import type { Model } from '../onnx/model.ts';
import { isInLoop } from '../onnx/in-loop.ts';
import { Node } from '../onnx/node.ts';
import type { InferredScope } from '../onnx/shape/inferred-scope.ts';
import type { LayerKind, LayerShape } from './layer-kind.ts';
import type { PruningObstacle } from './pruning-obstacle.ts';
import { pruningObstacle } from './pruning-obstacle.ts';
import type { WeightSource } from './weight-source.ts';
import { weightSource } from './weight-source.ts';

/** Why quantization would not serve a layer. */
export type QuantizationObstacle =
  /** The weight is computed while the model runs, as in the products inside attention. */
  | 'weight-not-constant'
  /** Its data are integers already. */
  | 'already-quantized'
  /** Neither float32 nor a 16-bit float. */
  | 'weight-type'
  /** Quantizing and back would take longer than is saved. */
  | 'too-small'
  /** One filter a channel: int8 gains nothing worth having on a CPU. */
  | 'depthwise'
  /** Recurrent layers, transposed and deformable convolutions run in float between the quantizers: pure overhead. */
  | 'no-integer-kernel'
  /** A convolution inside a Loop or Scan, whose values calibration does not see. */
  | 'in-control-flow'
  /** It has no weight of its own. */
  | 'no-weight';

/** What can be done with a layer; null means that nothing stands against it. */
export interface Suitability {
  readonly kind: LayerKind;
  /** Elements and bytes of its weight; null when it has none that is constant. */
  readonly weight: { readonly elements: number; readonly bytes: number } | null;
  readonly quantization: QuantizationObstacle | null;
  /** A first estimate, from the nodes around the layer alone. */
  readonly pruning: PruningObstacle | null;
}

/** Fewer weights than this are not worth quantizing. */
const fewestWeights = 1024;

const floatTypes: ReadonlySet<string> = new Set(['float32', 'float16', 'bfloat16']);

/** Looks at one layer: whether quantization or pruning could serve it, and if not, why. */
export function suitabilityOf(
  node: Node,
  layer: LayerShape,
  context: { readonly model: Model; readonly scope: InferredScope },
): Suitability {
  const source: WeightSource =
    layer.weight === null ? { kind: 'computed' } : weightSource(node.input(layer.weight), context.model);
  const weight = source.kind === 'constant' ? { elements: source.elements, bytes: source.bytes } : null;
  const quantization = quantizationObstacle(node, layer, { source, isDepthwise: isDepthwise(node, context.scope) });
  return {
    kind: layer.kind,
    weight,
    quantization,
    pruning: isInControlFlow(node) ? 'in-control-flow' : pruningObstacle(node, layer, source),
  };
}

function quantizationObstacle(
  node: Node,
  layer: LayerShape,
  { source, isDepthwise }: { readonly source: WeightSource; readonly isDepthwise: boolean },
): QuantizationObstacle | null {
  if (layer.kind === 'quantized' || source.kind === 'dequantized') return 'already-quantized';
  if (layer.kind === 'recurrent' || node.is('ConvTranspose', 'DeformConv')) return 'no-integer-kernel';
  if (layer.weight === null) return 'no-weight';
  if (source.kind === 'computed') return 'weight-not-constant';
  if (!floatTypes.has(source.type)) return 'weight-type';
  if (node.is('Conv') && isInLoop(node)) return 'in-control-flow';
  if (isDepthwise) return 'depthwise';
  return source.elements < fewestWeights ? 'too-small' : null;
}

/** A graph inside a node; a function's body is none. */
function isInControlFlow({ graph }: Node): boolean {
  return graph?.container instanceof Node;
}

function isDepthwise(node: Node, { types }: InferredScope): boolean {
  const weight = node.input(1);
  const isConvolution = node.is('Conv') || node.op === 'FusedConv';
  if (!isConvolution || weight === null) return false;
  return node.int('group', 1) > 1 && types.get(weight)?.shape?.[1] === 1;
}
