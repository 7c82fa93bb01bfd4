import { isFloatType } from '../onnx/data-type.ts';
import { type DenseTensor, elementCount } from '../onnx/dense-tensor.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import { elementsOfNumbers } from '../onnx/tensor-types/tensor-of-numbers.ts';
import type { DatasetOptions } from './dataset-options.ts';
import { checkChannels, imageShapeOf } from './image-shape.ts';
import { pixelTables } from './pixel-tables.ts';

/** Makes the floats that a model takes of rows of bytes. */
export type Normalizer = (rows: DenseTensor) => DenseTensor;

/**
 * What the settings for images do to an array of bytes for an input of floats: scale, mean and deviation, by channel
 * where the input's shape has channels. Arrays have their size already, so that resizing and cropping do not apply.
 * Null without settings: bytes then stay numbers from 0 to 255.
 * @throws UsageError `bad-value` when there are more means than channels
 */
export function arrayNormalizer(
  input: ValueSignature,
  rowDims: readonly number[],
  { preprocess, batchAxis }: DatasetOptions,
): Normalizer | null {
  const { type } = input;
  if (preprocess === null || type === 'string' || !isFloatType(type)) return null;
  const shape = imageShapeOf(input, batchAxis, preprocess);
  const channels = shape?.channels ?? 1;
  checkChannels(channels, preprocess);
  const tables = pixelTables(preprocess, channels);
  const inner = shape?.layout === 'nchw' ? elementCount(rowDims.slice(-2)) : 1;
  return ({ dims, data }) => {
    const values = new Float32Array(data.length);
    for (let start = 0, channel = 0; start < values.length; start += inner, channel = (channel + 1) % channels) {
      const table = tables[channel] ?? new Float32Array();
      for (let i = start; i < start + inner; i++) values[i] = table[Number(data[i])] ?? 0;
    }
    return { type, dims, data: type === 'float32' ? values : elementsOfNumbers(type, values) };
  };
}
