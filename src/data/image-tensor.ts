import type { DataType } from '../onnx/data-type.ts';
import type { DenseTensor } from '../onnx/dense-tensor.ts';
import { elementsOfNumbers } from '../onnx/tensor-types/tensor-of-numbers.ts';
import type { Pixels } from './decode-image.ts';
import { type ImageShape, takesRawPixels } from './image-shape.ts';
import { pixelTables } from './pixel-tables.ts';
import type { ImageColor, Preprocess } from './preprocess.ts';
import type { ResizePlan } from './resize-plan.ts';

export interface ImageRequest {
  readonly shape: ImageShape;
  readonly preprocess: Preprocess;
  readonly plan: ResizePlan;
  readonly type: DataType;
}

/** Framed, normalized and laid out as one sample of a model's input. */
export function imageTensor(pixels: Pixels, { shape, preprocess, plan, type }: ImageRequest): DenseTensor {
  const { height, width } = plan.framed;
  const { channels, layout, isFlat, hasLeadingOne } = shape;
  const framed = framePixels(pixels, plan);
  const planes = orderChannels(framed, preprocess.color ?? 'rgb', channels);
  const tables = takesRawPixels(type) ? null : pixelTables(preprocess, channels);
  const count = height * width;
  const [pixelStep, channelStep] = layout === 'nchw' ? [1, count] : [channels, 1];
  const values = new Float32Array(count * channels);
  for (let channel = 0; channel < channels; channel++) {
    const table = tables?.[channel];
    for (let i = 0; i < count; i++) {
      const value = planes[i * channels + channel] ?? 0;
      values[i * pixelStep + channel * channelStep] = table === undefined ? value : (table[value] ?? 0);
    }
  }
  const own = layout === 'nchw' ? [channels, height, width] : [height, width, channels];
  const dims = isFlat ? [height, width] : hasLeadingOne ? [1, ...own] : own;
  return { type, dims, data: type === 'float32' || type === 'string' ? values : elementsOfNumbers(type, values) };
}

/** The center of an image, in a frame of `fill` where it is smaller. Halves are rounded to even, as Python does. */
function framePixels(pixels: Pixels, { framed, fill }: ResizePlan): Pixels {
  const { channels, data } = pixels;
  const { height, width } = framed;
  if (height === pixels.height && width === pixels.width) return pixels;
  const top = roundToEven((pixels.height - height) / 2);
  const left = roundToEven((pixels.width - width) / 2);
  const target = new Uint8Array(height * width * channels).fill(fill);
  const from = Math.max(0, left);
  const until = Math.min(pixels.width, left + width);
  for (let y = Math.max(0, top); y < Math.min(pixels.height, top + height); y++) {
    const row = data.subarray((y * pixels.width + from) * channels, (y * pixels.width + until) * channels);
    target.set(row, ((y - top) * width + from - left) * channels);
  }
  return { height, width, channels, data: target };
}

function roundToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** Pixels with the channels of the model, side by side in its order. */
function orderChannels({ data, channels }: Pixels, color: ImageColor, wanted: number): Uint8Array {
  const isGray = color === 'gray' || wanted === 1;
  if (channels === wanted && (channels === 1 || (!isGray && color === 'rgb'))) return data;
  const count = data.length / channels;
  const ordered = new Uint8Array(count * wanted);
  for (let i = 0; i < count; i++) {
    const red = data[i * channels] ?? 0;
    const green = channels < 3 ? red : (data[i * channels + 1] ?? 0);
    const blue = channels < 3 ? red : (data[i * channels + 2] ?? 0);
    const gray = isGray ? luma(red, green, blue) : 0;
    for (let channel = 0; channel < wanted; channel++) {
      const colored = channel === 1 ? green : (channel === 0) === (color === 'rgb') ? red : blue;
      ordered[i * wanted + channel] = isGray ? gray : colored;
    }
  }
  return ordered;
}

/** ITU-R 601-2 luma in 16 bits, as PIL's mode L has it. */
function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x80_00) >> 16;
}
