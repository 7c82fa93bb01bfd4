import type { Node } from '../onnx/node.ts';
import type { Value } from '../onnx/value.ts';
import type { LayerShape } from './layer-kind.ts';
import type { WeightSource } from './weight-source.ts';

/** Why output channels of a layer cannot be taken out simply, by a first look at what reads them. */
export type PruningObstacle =
  /** Embeddings, attention, recurrent and quantized layers have no output channels of their own to take out. */
  | 'no-channels'
  | 'weight-not-constant'
  | 'in-control-flow'
  /** Grouped convolutions tie output channels to input channels. */
  | 'grouped'
  /** The model returns them. */
  | 'graph-output'
  /** Added to, multiplied with or joined to another layer's: both would have to lose the same. */
  | 'tied-to-others'
  /** Read by an operator that may mix channels or depend on their count. */
  | 'feeds-other-operator';

/** Operators that treat each channel by itself. */
const perChannel = [
  'Relu LeakyRelu PRelu Elu Selu Celu Sigmoid HardSigmoid HardSwish Tanh Softplus Softsign Mish Gelu Swish Clip Erf',
  'Exp Log Sqrt Abs Neg Identity Dropout Cast BatchNormalization InstanceNormalization MaxPool AveragePool LpPool',
  'GlobalAveragePool GlobalMaxPool Resize Upsample ThresholdedRelu',
].flatMap((names) => names.split(' '));
const binary = ['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min'];
const joining = [...binary, 'Concat', 'Sum', 'Mean', 'Where'];
const consumers = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul'];

/** Readers followed from one layer; where there are more, nothing is promised. */
const mostReaders = 64;

/** Null when every reader takes channels one by one, down to layers that could lose the same inputs. */
export function pruningObstacle(node: Node, layer: LayerShape, source: WeightSource): PruningObstacle | null {
  if (layer.kind !== 'convolution' && layer.kind !== 'product') return 'no-channels';
  if (source.kind !== 'constant') return 'weight-not-constant';
  if (node.int('group', 1) !== 1) return 'grouped';
  const waiting: Value[] = [...node.outputs].filter((value) => value !== null);
  const seen = new Set<Value>(waiting);
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (value.isOutput) return 'graph-output';
    if (seen.size > mostReaders) return 'feeds-other-operator';
    for (const { node: reader, index } of value.uses) {
      const obstacle = obstacleAt(reader, index);
      if (obstacle !== null && obstacle !== 'passes') return obstacle;
      for (const next of obstacle === 'passes' ? reader.outputs : []) {
        if (next !== null && !seen.has(next)) waiting.push(next);
        if (next !== null) seen.add(next);
      }
    }
  }
  return null;
}

/** What a reader means for the channels: they end there (null), pass on to its outputs, or cannot be taken out. */
function obstacleAt(reader: Node, index: number): PruningObstacle | 'passes' | null {
  if (reader.is(...consumers)) {
    if (index !== 0) return 'feeds-other-operator';
    return reader.int('group', 1) === 1 ? null : 'grouped';
  }
  if (reader.is(...perChannel)) return index === 0 ? 'passes' : 'feeds-other-operator';
  if (reader.is(...binary)) return isConstant(reader.input(1 - index)) ? 'passes' : 'tied-to-others';
  return reader.is(...joining) ? 'tied-to-others' : 'feeds-other-operator';
}

function isConstant(value: Value | null): boolean {
  return value !== null && (value.isInitializer || value.producer?.is('Constant') === true);
}
