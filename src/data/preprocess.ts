import { UsageError } from '../errors.ts';

/**
 * What is done to images before a model takes them, in this order and with the meaning that torchvision's transforms
 * give it: turn upright, resize, crop the center, scale, normalize.
 */
export interface Preprocess {
  /** Pixels of the shorter side, or `[height, width]`. Default: the model's own size where it is fixed. */
  readonly resize?: number | readonly [height: number, width: number];
  /**
   * `short-side` keeps proportions and covers the size, `pad` keeps them and fits into it, `stretch` does not keep them.
   * Default: `short-side` for one number, `stretch` for two.
   */
  readonly resizeMode?: ResizeMode;
  /** Side of the square, or `[height, width]`, cut from the center; what lies outside the image is black. */
  readonly crop?: number | readonly [height: number, width: number];
  /** Gray value, 0 to 255, of what `pad` adds; default 0. */
  readonly fill?: number;
  /** Default: by where the model's shape has an axis of 1 or 3 channels. */
  readonly layout?: ImageLayout;
  /** Order of channels, `rgb` by default; `gray` where the model takes one. */
  readonly color?: ImageColor;
  /** Factor of pixel values from 0 to 255, applied before mean and deviation; default 1/255. */
  readonly scale?: number;
  /** Subtracted, one for all channels or one each in the model's order; default 0. */
  readonly mean?: readonly number[];
  /** Divided by, one for all channels or one each; default 1. */
  readonly std?: readonly number[];
}

export const resizeModes = ['stretch', 'short-side', 'pad'] as const;
export type ResizeMode = (typeof resizeModes)[number];

export const imageLayouts = ['nchw', 'nhwc'] as const;
export type ImageLayout = (typeof imageLayouts)[number];

export const imageColors = ['rgb', 'bgr', 'gray'] as const;
export type ImageColor = (typeof imageColors)[number];

/** Largest side of an image made for a model. */
const maxSide = 2 ** 14;

/**
 * Refuses settings that no image could be prepared with, wherever they were written.
 * @throws UsageError `bad-value` with the key and what it takes
 */
export function checkPreprocess(preprocess: Preprocess): Preprocess {
  const { resize, crop, fill, scale, mean, std } = preprocess;
  for (const [key, size] of Object.entries({ resize, crop })) {
    const isSize = (side: number) => Number.isSafeInteger(side) && side >= 1 && side <= maxSide;
    if (size === undefined || [size].flat().every(isSize)) continue;
    throw badSetting(key, [size].flat().join('x'), `a size in pixels such as 224 or 224x320 (height x width)`);
  }
  if (fill !== undefined && !(Number.isInteger(fill) && fill >= 0 && fill <= 255)) {
    throw badSetting('fill', String(fill), 'a whole number from 0 to 255');
  }
  if (scale !== undefined && !(Number.isFinite(scale) && scale > 0)) {
    throw badSetting('scale', String(scale), 'a number above 0');
  }
  for (const [key, values] of Object.entries({ mean, std })) {
    if (values === undefined || isPerChannel(values, key === 'std')) continue;
    throw badSetting(
      key,
      values.join(':'),
      `one number, or three as in 0.5:0.5:0.5${key === 'std' ? ', above 0' : ''}`,
    );
  }
  return preprocess;
}

/** The error for a setting of `--preprocess`. */
export function badSetting(key: string, value: string, expected: string): UsageError {
  return new UsageError('bad-value', { flag: `--preprocess ${key}`, value, expected });
}

function isPerChannel(values: readonly number[], isPositive: boolean): boolean {
  const isPossible = (value: number) => Number.isFinite(value) && (!isPositive || value > 0);
  return (values.length === 1 || values.length === 3) && values.every(isPossible);
}
