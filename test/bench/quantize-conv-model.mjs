// Writes a model of convolutions of a given size, for `npm run bench:quantize`.
import { writeFileSync } from 'node:fs';
import { encodeModel } from '../../dist/onnx/file/encode-model.js';
import { GraphBuilder } from '../../dist/onnx/graph-builder.js';
import { tensorType } from '../../dist/onnx/value-type.js';
import { createRandom } from '../../dist/stats/seeded-random.js';

const channels = 512;

/**
 * A chain of 3x3 convolutions and Relus over 512 channels on maps of 7x7, about `bytes` long, from images 3x14x14, as
 * many at a time as one likes. Returns the shape of so many samples of its input `image`.
 */
export function writeConvModel(path, { bytes, samples }) {
  const g = new GraphBuilder();
  const random = createRandom(0, 'conv model');
  const convolution = (value, inputs, stride) => {
    const dims = [channels, inputs, 3, 3];
    const length = dims.reduce((product, dim) => product * dim);
    // He's initialization keeps the size of activations from layer to layer.
    const deviation = Math.sqrt(2 / (9 * inputs));
    const data = Float32Array.from({ length }, () => deviation * random.normal());
    const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [stride, stride] };
    return g.op('Relu', [g.op('Conv', [value, g.constant('w', { type: 'float32', dims, data })], { attributes })]);
  };
  const depth = Math.round(bytes / (4 * 9 * channels ** 2));
  let value = convolution(g.input('image', 'float32', ['batch', 3, 14, 14]), 3, 2);
  for (let layer = 0; layer < depth; layer++) value = convolution(value, channels, 1);
  const pooled = g.op('Flatten', [g.op('GlobalAveragePool', [value])]);
  g.output(pooled, 'features', tensorType('float32', ['batch', channels]));
  writeFileSync(path, encodeModel(g.model()));
  return [samples, 3, 14, 14];
}
