// The models of `npm run bench:quantize-peer`, and what each is calibrated with and judged on.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { digitTensors, readDigits, sliceDigits } from '../../dist-test/fixtures/digits/digits.js';
import { encodeModel } from '../../dist-test/src/onnx/file/encode-model.js';
import { encoder } from '../../dist-test/test/models/encoder.js';
import { resnetLike } from '../../dist-test/test/models/resnet-like.js';
import { createRandom } from '../../dist/stats/seeded-random.js';
import { realModel } from './real-models.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const font = join(root, 'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf');
const product = (dims) => dims.reduce((a, b) => a * b, 1);

/** Digits of the held-out ones, in the type that the model takes. */
function digits(from, count) {
  const { image } = digitTensors(sliceDigits(readDigits().held, from, from + count));
  return { image: { type: 'float32', dims: image.dims, data: Float32Array.from(image.data) } };
}

function noise(count, dims, label) {
  const random = createRandom(0, 'noise', label);
  const all = [count, ...dims];
  return {
    x: { type: 'float32', dims: all, data: Float32Array.from({ length: product(all) }, () => random.normal()) },
  };
}

/** Token ids, each text with its own share of padding. */
function tokens(count, length, label) {
  const random = createRandom(0, 'tokens', label);
  const ids = BigInt64Array.from({ length: count * length }, () => BigInt(random.integer(2000)));
  const ends = Array.from({ length: count }, () => length / 2 + random.integer(length / 2));
  const mask = BigInt64Array.from({ length: count * length }, (_, at) =>
    at % length < ends[Math.floor(at / length)] ? 1n : 0n,
  );
  const tensor = (data) => ({ type: 'int64', dims: [count, length], data });
  return { input_ids: tensor(ids), attention_mask: tensor(mask) };
}

const lineSize = { height: 48, width: 192 };

/** A word in black on a light ground, 48x192 gray values. */
async function line(random) {
  const letters = 'abcdefghkmnprstuvwxyzABCDEFGHKMNPRTUVWXY2345679';
  const text = Array.from({ length: 5 + random.integer(5) }, () => letters[random.integer(letters.length)]).join('');
  const ink = { text, font: 'DejaVu Sans', fontfile: font, rgba: true, dpi: 160 + random.integer(60) };
  const ground = 255 - random.integer(60);
  const background = { r: ground, g: ground, b: ground };
  const drawn = await sharp({ text: ink }).flatten({ background }).png().toBuffer();
  const framed = await sharp(drawn).extend({ top: 8, bottom: 8, left: 10, right: 10, background }).png().toBuffer();
  return await sharp(framed)
    .resize({ ...lineSize, fit: 'fill' })
    .greyscale()
    .raw()
    .toBuffer();
}

/** Gray images as PP-OCR takes them: the same three times, each channel normalized. */
function images(grays, { height, width }, { mean, deviation }) {
  const plane = height * width;
  const data = new Float32Array(grays.length * 3 * plane);
  for (const [index, gray] of grays.entries()) {
    for (let channel = 0; channel < 3; channel++) {
      const from = (index * 3 + channel) * plane;
      for (let at = 0; at < plane; at++) data[from + at] = (gray[at] / 255 - mean[channel]) / deviation[channel];
    }
  }
  return { x: { type: 'float32', dims: [grays.length, 3, height, width], data } };
}

const half = [0.5, 0.5, 0.5];

/** Lines of text; for the classifier of directions, every other one upside down. */
async function lines(count, label, turned = false) {
  const random = createRandom(0, 'lines', label);
  const grays = [];
  for (let index = 0; index < count; index++) {
    const gray = await line(random);
    grays.push(turned && index % 2 === 1 ? gray.toReversed() : gray);
  }
  return images(grays, lineSize, { mean: half, deviation: half });
}

/** Pages of 320x320 with up to six lines of text. */
async function pages(count, label) {
  const random = createRandom(0, 'pages', label);
  const side = 320;
  const grays = [];
  for (let index = 0; index < count; index++) {
    const page = new Uint8Array(side * side).fill(255 - random.integer(40));
    const lineCount = 1 + random.integer(6);
    for (let row = 0; row < lineCount; row++) {
      const gray = await line(random);
      const left = random.integer(side - lineSize.width);
      const from = (row * 52 + 4) * side + left;
      for (let y = 0; y < lineSize.height; y++)
        page.set(gray.subarray(y * lineSize.width, (y + 1) * lineSize.width), from + y * side);
    }
    grays.push(page);
  }
  const [mean, deviation] = [
    [0.485, 0.456, 0.406],
    [0.229, 0.224, 0.225],
  ];
  return images(grays, { height: side, width: side }, { mean, deviation });
}

const fixture = (name) => () => join(root, `fixtures/digits/${name}.onnx`);
const real = (name) => () => realModel(name).path;
const built = (name, make) => (folder) => {
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, encodeModel(make()));
  return path;
};

/** By name: where the model is, samples a run, dimensions to bind, tensors to calibrate with and others to judge on. */
export const peerModels = {
  cnn: { path: fixture('cnn'), batch: 64, calibration: () => digits(0, 128), held: () => digits(1000, 1000) },
  vit: { path: fixture('vit'), batch: 64, calibration: () => digits(0, 128), held: () => digits(1000, 1000) },
  mlp: { path: fixture('mlp'), batch: 64, calibration: () => digits(0, 128), held: () => digits(1000, 1000) },
  resnet: {
    path: built('resnet', resnetLike),
    batch: 1,
    calibration: () => noise(32, [3, 64, 64], 'calibration'),
    held: () => noise(64, [3, 64, 64], 'held'),
  },
  encoder: {
    path: built('encoder', encoder),
    batch: 1,
    dims: { seq: 128 },
    calibration: () => tokens(32, 128, 'calibration'),
    held: () => tokens(64, 128, 'held'),
  },
  det: { path: real('det'), batch: 1, calibration: () => pages(16, 'calibration'), held: () => pages(16, 'held') },
  rec: { path: real('rec'), batch: 1, calibration: () => lines(32, 'calibration'), held: () => lines(48, 'held') },
  cls: {
    path: real('cls'),
    batch: 1,
    calibration: () => lines(32, 'calibration', true),
    held: () => lines(48, 'held', true),
  },
};
