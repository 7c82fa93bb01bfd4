import { DataError } from '../errors.ts';
import { type DataType, isFloatType } from '../onnx/data-type.ts';
import type { ValueSignature } from '../onnx/signature.ts';
import { type BatchAxis, batchAxisOf } from './batch-axis.ts';
import { badSetting, type ImageLayout, type Preprocess } from './preprocess.ts';

/** How a model takes an image. */
export interface ImageShape {
  readonly layout: ImageLayout;
  readonly channels: number;
  /** Fixed sides; null where the model takes any. */
  readonly height: number | null;
  readonly width: number | null;
  /** Whether a sample has no axis of channels: `[height, width]`. */
  readonly isFlat: boolean;
  /** Whether a sample needs an axis of length 1 in front that is no batch axis. */
  readonly hasLeadingOne: boolean;
}

/**
 * Reads off an input's shape how it takes images: where an axis of 1 or 3 is the channels, unless the layout is given.
 * Null when it takes none: images need three axes, or two without channels, besides the batch.
 */
export function imageShapeOf(input: ValueSignature, batchAxis: BatchAxis, preprocess: Preprocess): ImageShape | null {
  const axis = batchAxisOf(input, batchAxis);
  const hasLeadingOne = axis === null && input.shape.length === 4 && input.shape[0] === 1;
  const own = input.shape.toSpliced(axis ?? 0, axis === null && !hasLeadingOne ? 0 : 1);
  const isFlat = own.length === 2 && axis !== null;
  if (own.length !== 3 && !isFlat) return null;
  const shape = isFlat ? [1, ...own] : own;
  const layout = preprocess.layout ?? guessLayout(shape);
  if (layout === null) return null;
  const [channelSize, height, width] = layout === 'nchw' ? shape : [shape[2], shape[0], shape[1]];
  const channels = typeof channelSize === 'number' ? channelSize : preprocess.color === 'gray' ? 1 : 3;
  if (channels !== 1 && channels !== 3) return null;
  return { layout, channels, height: fixed(height), width: fixed(width), isFlat, hasLeadingOne };
}

/** Whole numbers that hold pixels as they are, 0 to 255. */
const rawTypes: ReadonlySet<DataType> = new Set(['uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64']);

/** Whether an input takes pixels as they are: whole numbers, for which nothing can be normalized. */
export function takesRawPixels(type: DataType): boolean {
  return rawTypes.has(type);
}

/**
 * The same, where there must be one.
 * @throws DataError `data-unsupported` or `data-type-mismatch`; UsageError `bad-value` for the settings
 */
export function requireImageShape(
  input: ValueSignature,
  {
    path,
    batchAxis,
    preprocess,
  }: { readonly path: string; readonly batchAxis: BatchAxis; readonly preprocess: Preprocess },
): ImageShape {
  const shape = imageShapeOf(input, batchAxis, preprocess);
  if (shape === null) {
    const problem = `images do not fit input '${input.name}' [${input.shape.join(', ')}], in which no axis is one of 1 or 3 channels`;
    throw new DataError('data-unsupported', {
      path,
      problem: `${problem}; give --preprocess layout=nchw or layout=nhwc`,
    });
  }
  checkPixelType(input, path, preprocess);
  checkChannels(shape.channels, preprocess);
  return shape;
}

function checkPixelType({ name, type }: ValueSignature, path: string, preprocess: Preprocess): void {
  if (!takesRawPixels(type) && !isFloatType(type)) {
    throw new DataError('data-type-mismatch', { path, input: name, found: 'pixels', expected: type });
  }
  for (const [key, value] of Object.entries({ scale: preprocess.scale, mean: preprocess.mean, std: preprocess.std })) {
    if (value === undefined || isFloatType(type)) continue;
    throw badSetting(key, [value].flat().join(':'), `possible: the model takes ${type}, and so pixels from 0 to 255`);
  }
}

/** @throws UsageError `bad-value` when there are other numbers of means or deviations than of channels */
export function checkChannels(channels: number, preprocess: Preprocess): void {
  for (const [key, values] of Object.entries({ mean: preprocess.mean, std: preprocess.std })) {
    if (values === undefined || values.length === 1 || values.length === channels) continue;
    throw badSetting(
      key,
      values.join(':'),
      channels === 1 ? 'one number, for the model takes one channel' : 'one number or three',
    );
  }
}

function guessLayout([first, , last]: readonly (number | string | undefined)[]): ImageLayout | null {
  if (first === 1 || first === 3) return 'nchw';
  if (last === 1 || last === 3) return 'nhwc';
  return typeof first === 'string' && typeof last === 'string' ? 'nchw' : null;
}

function fixed(size: number | string | undefined): number | null {
  return typeof size === 'number' ? size : null;
}
