import type { Pixels } from './decode-image.ts';
import type { Size } from './resize-plan.ts';

/**
 * Pixels enlarged bilinearly with their centers kept in place, as PIL, torchvision and OpenCV do: sharp, which reduces
 * that way, would shift an image that it doubles by half a pixel.
 */
export function enlargePixels(pixels: Pixels, { height, width }: Size): Pixels {
  if (height === pixels.height && width === pixels.width) return pixels;
  const { channels, data } = pixels;
  const rows = tapsOf(pixels.height, height);
  const columns = tapsOf(pixels.width, width);
  const target = new Uint8Array(height * width * channels);
  const at = (row: number, column: number, channel: number) =>
    data[(row * pixels.width + column) * channels + channel] ?? 0;
  for (let y = 0; y < height; y++) {
    const [top = 0, bottom = 0, down = 0] = rows.subarray(3 * y);
    for (let x = 0; x < width; x++) {
      const left = columns[3 * x] ?? 0;
      const right = columns[3 * x + 1] ?? 0;
      const across = columns[3 * x + 2] ?? 0;
      for (let channel = 0; channel < channels; channel++) {
        const above = at(top, left, channel) * (1 - across) + at(top, right, channel) * across;
        const below = at(bottom, left, channel) * (1 - across) + at(bottom, right, channel) * across;
        target[(y * width + x) * channels + channel] = Math.round(above * (1 - down) + below * down);
      }
    }
  }
  return { height, width, channels, data: target };
}

/** For each new pixel the two old ones that it lies between, and how near it is to the second: three numbers. */
function tapsOf(from: number, to: number): Float64Array {
  const taps = new Float64Array(3 * to);
  for (let i = 0; i < to; i++) {
    const center = ((i + 0.5) * from) / to - 0.5;
    const first = Math.floor(center);
    taps[3 * i] = Math.max(0, first);
    taps[3 * i + 1] = Math.min(from - 1, first + 1);
    taps[3 * i + 2] = center - first;
  }
  return taps;
}
