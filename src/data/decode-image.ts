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
  const { autoOrient: own, space } = await naming(path, image.metadata());
  const isInk = space === 'cmyk';
  const plan = planOf(own);
  const reduced = {
    height: Math.min(own.height, plan.resized.height),
    width: Math.min(own.width, plan.resized.width),
  };
  if (reduced.height !== own.height || reduced.width !== own.width) {
    image.resize({ ...reduced, fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false });
  }
  // Of its own accord sharp would take inks through a profile of a printer.
  if (isInk) image.pipelineColourspace('cmyk');
  const decoded = image
    .toColourspace(isInk ? 'cmyk' : 'srgb')
    .removeAlpha()
    .raw();
  const { data, info } = await naming(path, decoded.toBuffer({ resolveWithObject: true }));
  const { height, width, channels } = info;
  const pixels = isInk ? { height, width, channels: 3, data: lightOf(data) } : { height, width, channels, data };
  return { pixels: enlargePixels(pixels, plan.resized), plan };
}

/** What is left of white light below cyan, magenta, yellow and black, as PIL reckons. */
function lightOf(inks: Uint8Array): Uint8Array {
  const light = new Uint8Array((inks.length / 4) * 3);
  for (let from = 0, to = 0; from < inks.length; from += 4) {
    const black = 255 - (inks[from + 3] ?? 0);
    for (let i = 0; i < 3; i++) light[to++] = Math.round(((255 - (inks[from + i] ?? 0)) * black) / 255);
  }
  return light;
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
