import { statSync } from 'node:fs';
import { DataError } from '../errors.ts';
import { unreadable } from './data-file.ts';
import { enlargePixels } from './enlarge-pixels.ts';
import { importPackage } from './optional-package.ts';
import type { ResizePlan, Size } from './resize-plan.ts';

/** Pixels in rows, with their channels side by side: red, green, blue, or one of gray. */
export interface Pixels extends Size {
  readonly channels: number;
  readonly data: Uint8Array;
}

/** What is sold as an image and would take more memory than this is refused by sharp (268 million pixels). */
const limitInputPixels = true;

async function openImage(path: string) {
  const { default: sharp } = await importPackage(() => import('sharp'), {
    package: 'sharp',
    purpose: 'to read images',
  });
  // As it was taken, without color management, as most training pipelines read it.
  return sharp(path, { autoOrient: true, ignoreIcc: true, limitInputPixels, failOn: 'warning' });
}

/** Sides of an image as it stands upright, from its header. @throws DataError `data-malformed` naming the file */
export async function imageSize(path: string): Promise<Size> {
  const image = await openImage(path);
  const { autoOrient } = await naming(path, image.metadata());
  return autoOrient;
}

/**
 * Decodes an image, turned upright and resized with the antialiased bilinear filter that PIL and torchvision use.
 * Transparency is dropped.
 * @throws DataError `data-malformed` for what is truncated, too large or no image
 */
export async function decodeImage(
  path: string,
  planOf: (own: Size) => ResizePlan,
): Promise<{ readonly pixels: Pixels; readonly plan: ResizePlan }> {
  const image = await openImage(path);
  const { autoOrient: own } = await naming(path, image.metadata());
  const plan = planOf(own);
  const reduced = {
    height: Math.min(own.height, plan.resized.height),
    width: Math.min(own.width, plan.resized.width),
  };
  if (reduced.height !== own.height || reduced.width !== own.width) {
    image.resize({ ...reduced, fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false });
  }
  const decoded = image.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const { data, info } = await naming(path, decoded);
  const pixels = { data, height: info.height, width: info.width, channels: info.channels };
  return { pixels: enlargePixels(pixels, plan.resized), plan };
}

async function naming<Result>(path: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    checkReadable(path);
    const message = cause instanceof Error ? cause.message : String(cause);
    const problem = `it is no image that can be decoded: ${message.replaceAll(path, 'the file')}`;
    throw new DataError('data-malformed', { path, offset: null, problem }, { cause });
  }
}

function checkReadable(path: string): void {
  try {
    statSync(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}
