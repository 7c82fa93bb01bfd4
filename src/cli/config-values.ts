import { z } from 'zod';

/** A value as its flag is written, or as a number. */
export const text = z.union([z.string(), z.number()]);
/** One or several. */
export const texts = z.union([text, z.array(text)]);

const size = z.union([z.number(), z.tuple([z.number(), z.number()])]);
const perChannel = z.union([z.number(), z.array(z.number())]);

/** What is done to images, in the words of the flag `--preprocess`. */
export const preprocessSchema = z
  .strictObject({
    resize: size.describe('pixels of the shorter side, or [height, width]'),
    resizeMode: z.enum(['stretch', 'short-side', 'pad']),
    crop: size.describe('side of the square, or [height, width], cut from the center'),
    fill: z.number().describe('gray value, 0 to 255, of what pad adds'),
    layout: z.enum(['nchw', 'nhwc']),
    color: z.enum(['rgb', 'bgr', 'gray']),
    scale: z.number().describe('factor of pixel values from 0 to 255; default 1/255'),
    mean: perChannel.describe('subtracted'),
    std: perChannel.describe('divided by'),
  })
  .partial();
