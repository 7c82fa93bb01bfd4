import type { ImageShape } from './image-shape.ts';
import type { Preprocess } from './preprocess.ts';

export interface Size {
  readonly height: number;
  readonly width: number;
}

/** Sizes of an image on its way into a model. */
export interface ResizePlan {
  /** What the image is resized to; its own size where it is not. */
  readonly resized: Size;
  /** What is cut from, or put around, the center of that. */
  readonly framed: Size;
  /** Gray value around it. */
  readonly fill: number;
}

/**
 * How big an image becomes. A number resizes the shorter side and truncates the longer, as torchvision's Resize does.
 * Without `resize` and `crop` an image is stretched to what the model fixes.
 */
export function planResize(own: Size, shape: ImageShape, preprocess: Preprocess): ResizePlan {
  const { resize, crop, fill = 0 } = preprocess;
  const mode = preprocess.resizeMode ?? (typeof resize === 'number' ? 'short-side' : 'stretch');
  const target = resize === undefined ? ownOrModel(own, shape, crop !== undefined) : sizeOf(resize);
  const resized = resize === undefined || mode === 'stretch' ? target : scaled(own, target, mode === 'pad');
  const framed = mode === 'pad' && resize !== undefined ? target : resized;
  return { resized, framed: crop === undefined ? framed : sizeOf(crop), fill: crop === undefined ? fill : 0 };
}

/** The size that every image comes to; null where that depends on the image. */
export function fixedSize(shape: ImageShape, preprocess: Preprocess): Size | null {
  const [first, second] = [probes[0], probes[1]].map((probe) => planResize(probe, shape, preprocess).framed);
  return first && second && first.height === second.height && first.width === second.width ? first : null;
}

/** Two images that have nothing in common: what they both become, all do. */
const probes = [
  { height: 1009, width: 2003 },
  { height: 3001, width: 503 },
] as const;

function ownOrModel(own: Size, { height, width }: ImageShape, isCropped: boolean): Size {
  return isCropped || height === null || width === null ? own : { height, width };
}

function sizeOf(size: number | readonly [number, number]): Size {
  const [height, width] = typeof size === 'number' ? [size, size] : size;
  return { height, width };
}

function scaled(own: Size, target: Size, isInside: boolean): Size {
  const ratios = [target.height / own.height, target.width / own.width] as const;
  const isByHeight = ratios[0] === (isInside ? Math.min(...ratios) : Math.max(...ratios));
  return isByHeight
    ? { height: target.height, width: sideOf(own.width, target.height, own.height) }
    : { height: sideOf(own.height, target.width, own.width), width: target.width };
}

/** The side that decides is exact; the other one is truncated, and never vanishes. */
function sideOf(length: number, by: number, over: number): number {
  return Math.max(1, Math.floor((length * by) / over));
}
