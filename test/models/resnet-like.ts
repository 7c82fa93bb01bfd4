import { Layers } from '../../fixtures/training/layers.ts';
import type { ConvolutionSpec } from '../../fixtures/training/layers.ts';
import type { Model } from '../../src/onnx/model.ts';
import type { Value } from '../../src/onnx/value.ts';
import { tensorType } from '../../src/onnx/value-type.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';

export interface ResnetSpec {
  readonly seed?: number;
  /** Channels of the first stage; each further stage doubles them. */
  readonly width?: number;
  /** Height and width of the images. */
  readonly size?: number;
  readonly stages?: number;
  /** The same for all stages, or one for each. */
  readonly blocksPerStage?: number | readonly number[];
  /** Two 3x3 convolutions, or 1x1, 3x3 and 1x1 that leave four times the channels: [3, 4, 6, 3] of these are ResNet-50. */
  readonly block?: 'basic' | 'bottleneck';
  readonly classes?: number;
  /** `folded` into convolutions with bias, or BatchNormalization nodes: both compute the same. */
  readonly normalization?: 'folded' | 'nodes';
}

const epsilon = 1e-5;
/** Channels of a bottleneck's output over those inside it. */
const expansion = 4;

/**
 * ResNet-18 (He and others, "Deep Residual Learning for Image Recognition", 2016) by default, with random weights:
 * `x` f32['batch',3,size,size], about standard normal, to `logits` f32['batch',classes].
 */
export function resnetLike(spec: ResnetSpec = {}): Model {
  const { seed = 1, width = 64, size = 64, stages = 4, blocksPerStage = 2, classes = 1000 } = spec;
  const net = new Network(seed, spec.normalization ?? 'folded');
  const { layers } = net;
  const image = layers.g.input('x', 'float32', ['batch', 3, size, size]);
  let x = layers.relu(net.convNorm(image, 'conv1', { from: 3, to: width, kernel: 7, stride: 2 }), 'relu');
  const pool = { ceil_mode: 0, kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] };
  x = layers.node('MaxPool', 'maxpool', [x], pool);
  let from = width;
  for (let stage = 0; stage < stages; stage++) {
    const blocks = typeof blocksPerStage === 'number' ? blocksPerStage : (blocksPerStage[stage] ?? 0);
    for (let index = 0; index < blocks; index++) {
      const isBasic = spec.block !== 'bottleneck';
      const to = width * 2 ** stage * (isBasic ? 1 : expansion);
      const stride = stage > 0 && index === 0 ? 2 : 1;
      const name = `layer${stage + 1}.${index}`;
      x = isBasic ? net.basicBlock(x, name, { from, to, stride }) : net.bottleneck(x, name, { from, to, stride });
      from = to;
    }
  }
  const pooled = layers.node('GlobalAveragePool', 'avgpool', [x]);
  const flat = layers.node('Flatten', 'flatten', [pooled], { axis: 1 });
  const logits = layers.gemm(flat, 'fc', { from, to: classes, gain: 1 });
  layers.g.output(logits, 'logits', tensorType('float32', ['batch', classes]));
  return layers.g.model({ opset: 17 });
}

interface BlockSpec {
  readonly from: number;
  readonly to: number;
  readonly stride: number;
}

/** Of a convolution's normalization, by channel. */
interface Statistics {
  readonly gain: Float32Array;
  readonly shift: Float32Array;
  readonly mean: Float32Array;
  readonly variance: Float32Array;
}

class Network {
  readonly layers: Layers;
  readonly #seed: number;
  readonly #normalization: 'folded' | 'nodes';

  constructor(seed: number, normalization: 'folded' | 'nodes') {
    this.layers = new Layers('resnet_like', seed);
    this.#seed = seed;
    this.#normalization = normalization;
  }

  basicBlock(x: Value, name: string, { from, to, stride }: BlockSpec): Value {
    const { layers } = this;
    const first = this.convNorm(x, `${name}.conv1`, { from, to, kernel: 3, stride });
    const inner = layers.relu(first, `${name}.relu`);
    const second = this.convNorm(inner, `${name}.conv2`, { from: to, to, kernel: 3 }, 0.5);
    return this.#added(x, second, { name, from, to, stride });
  }

  bottleneck(x: Value, name: string, { from, to, stride }: BlockSpec): Value {
    const { layers } = this;
    const inside = to / expansion;
    const narrow = this.convNorm(x, `${name}.conv1`, { from, to: inside, kernel: 1 });
    const middle = this.convNorm(layers.relu(narrow, `${name}.relu1`), `${name}.conv2`, {
      from: inside,
      to: inside,
      kernel: 3,
      stride,
    });
    const wide = this.convNorm(
      layers.relu(middle, `${name}.relu2`),
      `${name}.conv3`,
      { from: inside, to, kernel: 1 },
      0.5,
    );
    return this.#added(x, wide, { name, from, to, stride });
  }

  #added(x: Value, change: Value, { name, from, to, stride }: BlockSpec & { readonly name: string }): Value {
    const { layers } = this;
    const isSame = stride === 1 && from === to;
    const shortcut = isSame ? x : this.convNorm(x, `${name}.downsample`, { from, to, kernel: 1, stride });
    return layers.relu(layers.node('Add', name, [change, shortcut]), `${name}.out`);
  }

  /** A convolution and its normalization, whose gains differ from channel to channel as trained ones do. */
  convNorm(x: Value, name: string, spec: ConvolutionSpec, gain = 1): Value {
    const statistics = this.#statistics(name, spec.to, gain);
    if (this.#normalization === 'folded') return this.#folded(x, name, { spec, statistics });
    const of = (part: string, data: Float32Array) =>
      this.layers.g.constant(`${name}.bn.${part}`, { type: 'float32', dims: [spec.to], data });
    const convolved = this.layers.conv(x, name, spec);
    const inputs = [
      convolved,
      of('weight', statistics.gain),
      of('bias', statistics.shift),
      of('running_mean', statistics.mean),
      of('running_var', statistics.variance),
    ];
    return this.layers.node('BatchNormalization', `${name}.bn`, inputs, { epsilon, momentum: { float: 0.9 } });
  }

  #folded(x: Value, name: string, { spec, statistics }: { spec: ConvolutionSpec; statistics: Statistics }): Value {
    const { from, to, kernel, stride = 1 } = spec;
    const { gain, shift, mean, variance } = statistics;
    const random = createRandom(this.#seed, 'weight', `${name}.weight`);
    const perChannel = from * kernel * kernel;
    const deviation = Math.sqrt(2 / perChannel);
    const scale = gain.map((value, channel) => value / Math.sqrt((variance[channel] ?? 1) + epsilon));
    const weight = new Float32Array(to * perChannel);
    for (let at = 0; at < weight.length; at++) {
      weight[at] = random.normal() * deviation * (scale[Math.floor(at / perChannel)] ?? 1);
    }
    const bias = shift.map((value, channel) => value - (mean[channel] ?? 0) * (scale[channel] ?? 1));
    const inputs = [
      x,
      this.layers.g.constant(`${name}.weight`, { type: 'float32', dims: [to, from, kernel, kernel], data: weight }),
      this.layers.g.constant(`${name}.bias`, { type: 'float32', dims: [to], data: bias }),
    ];
    const pad = Math.floor(kernel / 2);
    return this.layers.node('Conv', name, inputs, {
      dilations: [1, 1],
      group: 1,
      kernel_shape: [kernel, kernel],
      pads: [pad, pad, pad, pad],
      strides: [stride, stride],
    });
  }

  #statistics(name: string, channels: number, gain: number): Statistics {
    const random = createRandom(this.#seed, 'statistics', name);
    const each = (value: () => number) => Float32Array.from({ length: channels }, value);
    return {
      gain: each(() => gain * Math.exp(0.3 * random.normal())),
      shift: each(() => 0.2 * random.normal()),
      mean: each(() => 0.2 * random.normal()),
      // He's weights double the mean square of what they see, which stays about 1 behind each ReLU of a residual net.
      variance: each(() => 2 * Math.exp(0.2 * random.normal())),
    };
  }
}
