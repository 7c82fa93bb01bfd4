// Inputs of `npm run bench:quantize-quality`: text drawn upright and upside down, speech-like sound as frames with the
// states that the model itself leaves, and texts that a language model wrote.
import { recognizerCharacters, renderStrings, stringsToRender } from '../../dist-test/test/models/rendered-text.js';
import { createProcessRuntime } from '../../dist/runtime/process-runtime.js';
import { createRandom } from '../../dist/stats/seeded-random.js';

export { recognizerCharacters };

let opened = null;

/** One process for all models that are run here. */
export function runner() {
  opened ??= createProcessRuntime().openRunner({ threads: 1, timeoutMs: 120_000 });
  return opened;
}

export async function closeRunner() {
  await (await opened)?.close();
}

/** `x` as the recognizer takes it, and what it shows. */
export async function writtenLines(count, seed) {
  const strings = stringsToRender(count, seed);
  return { x: await renderStrings(strings), label: { type: 'string', dims: [count], data: strings } };
}

/**
 * Each line upright (0) and upside down (1) as the classifier takes it: `x` float32[2 count,3,48,192], the line at the
 * left and zeros beside it, as PaddleOCR fits images that are narrower.
 */
export async function turnedLines(count, seed) {
  const { dims, data } = await renderStrings(stringsToRender(count, seed));
  const [, channels, height, width] = dims;
  const fitted = 192;
  const x = new Float32Array(2 * count * channels * height * fitted);
  const plane = channels * height;
  for (let line = 0; line < count * plane; line++) {
    const [image, at] = [Math.floor(line / plane), line % plane];
    const [channel, y] = [Math.floor(at / height), at % height];
    const pixels = data.subarray(line * width, (line + 1) * width);
    x.set(pixels, (2 * image * plane + at) * fitted);
    x.set(pixels.toReversed(), ((2 * image + 1) * plane + channel * height + height - 1 - y) * fitted);
  }
  const label = BigInt64Array.from({ length: 2 * count }, (_, index) => BigInt(index % 2));
  return {
    x: { type: 'float32', dims: [2 * count, channels, height, fitted], data: x },
    label: { type: 'int64', dims: [2 * count], data: label },
  };
}

const rate = 16_000;
const frame = 512;
/** Samples of the frame before that come again at the start of each (silero's own wrapper). */
const overlap = 64;

/** Formants of vowels in Hz (Peterson and Barney 1952, men). */
const vowels = [
  [270, 2290, 3010],
  [390, 1990, 2550],
  [530, 1840, 2480],
  [660, 1720, 2410],
  [730, 1090, 2440],
  [570, 840, 2410],
  [440, 1020, 2240],
  [300, 870, 2240],
];
const bandwidths = [80, 110, 160];

/** Louder near a formant, and less from octave to octave, as a voice is. */
function harmonicLevel(hz, formants) {
  const resonance = formants.reduce((sum, formant, i) => sum + 1 / (1 + ((hz - formant) / bandwidths[i]) ** 2), 0.02);
  return (resonance * 300) / (hz + 200);
}

/** Syllables (a hiss, then a vowel whose pitch glides) in phrases between pauses, all of it in noise; seeded. */
function speech(frames, label) {
  const random = createRandom(0, 'speech', label);
  const samples = new Float32Array(frames * frame);
  const noise = 10 ** (-3 + 1.3 * random.next());
  for (const at of samples.keys()) samples[at] = noise * random.normal();
  const base = 90 + 140 * random.next();
  const loudness = 0.05 + 0.5 * random.next();
  for (let at = Math.floor(rate * random.next()); at < samples.length; at += Math.floor(rate * (0.2 + random.next()))) {
    const syllables = 3 + random.integer(8);
    for (let i = 0; i < syllables && at < samples.length; i++)
      at = addSyllable(samples, { at, base, loudness, random });
  }
  return samples;
}

function addSyllable(samples, { at, base, loudness, random }) {
  const hiss = Math.floor(rate * 0.06 * random.next());
  for (let i = 0; i < hiss && at + i < samples.length; i++) samples[at + i] += 0.05 * loudness * random.normal();
  const start = at + hiss;
  const length = Math.floor(rate * (0.08 + 0.16 * random.next()));
  const pitch = base * (0.85 + 0.4 * random.next());
  const glide = 0.3 * (random.next() - 0.5);
  const from = vowels[random.integer(vowels.length)];
  const to = vowels[random.integer(vowels.length)];
  const phases = Array.from({ length: 40 }, () => 2 * Math.PI * random.next());
  for (let i = 0; i < length && start + i < samples.length; i++) {
    const way = i / length;
    const hz = pitch * (1 + glide * way);
    const formants = from.map((value, f) => value + (to[f] - value) * way);
    let sum = 0;
    for (const [h, phase] of phases.entries()) {
      if (hz * (h + 1) > 4000) break;
      phases[h] = phase + (2 * Math.PI * hz * (h + 1)) / rate;
      sum += harmonicLevel(hz * (h + 1), formants) * Math.sin(phase);
    }
    samples[start + i] += loudness * Math.sin(Math.PI * way) ** 0.5 * sum;
  }
  return start + length;
}

/** Recordings side by side: in each step one frame of each, float32[recordings,576]. */
export function recordings(count, frames, label) {
  const all = Array.from({ length: count }, (_, index) => speech(frames, `${label} ${index}`));
  const width = overlap + frame;
  return Array.from({ length: frames }, (_, step) => {
    const data = new Float32Array(count * width);
    for (const [index, samples] of all.entries()) {
      const end = (step + 1) * frame;
      const start = Math.max(0, end - width);
      data.set(samples.subarray(start, end), index * width + width - (end - start));
    }
    return { type: 'float32', dims: [count, width], data };
  });
}

/** Goes through recordings with the state handed on: the probability of speech and the state before each frame. */
export async function listen(path, steps) {
  const loaded = await (await runner()).load({ path });
  const takesRate = loaded.signature.inputs.some(({ name }) => name === 'sr');
  const count = steps[0].dims[0];
  let state = { type: 'float32', dims: [2, count, 128], data: new Float32Array(2 * count * 128) };
  const sr = { type: 'int64', dims: [], data: BigInt64Array.of(BigInt(rate)) };
  const heard = [];
  for (const input of steps) {
    const { output, stateN } = await loaded.run({ input, state, ...(takesRate ? { sr } : {}) });
    heard.push({ speech: Float32Array.from(output.data), state });
    state = { ...stateN, dims: [2, count, 128] };
  }
  await loaded.release();
  return heard;
}

/** Every frame as a sample of its own: `input` float32[n,576], `state` float32[n,2,128]. */
export function framesOf(steps, heard) {
  const count = steps[0].dims[0];
  const width = overlap + frame;
  const input = new Float32Array(steps.length * count * width);
  const state = new Float32Array(steps.length * count * 256);
  for (const [step, { data }] of steps.entries()) {
    input.set(data, step * count * width);
    for (let index = 0; index < count; index++) {
      for (let layer = 0; layer < 2; layer++) {
        const from = (layer * count + index) * 128;
        state.set(heard[step].state.data.subarray(from, from + 128), ((step * count + index) * 2 + layer) * 128);
      }
    }
  }
  const n = steps.length * count;
  return {
    input: { type: 'float32', dims: [n, width], data: input },
    state: { type: 'float32', dims: [n, 2, 128], data: state },
  };
}

const startToken = 1;

/** Texts of `length` tokens that the model itself writes, at temperature 1. */
export async function sampledTexts(path, { count, length, label }) {
  const loaded = await (await runner()).load({ path });
  const random = createRandom(0, 'texts', label);
  const pasts = loaded.signature.inputs.filter(({ name }) => name.startsWith('past_key_values'));
  const [, heads, , size] = pasts[0].shape;
  const empty = { type: 'float32', dims: [count, heads, 0, size], data: new Float32Array() };
  await loaded.keep(Object.fromEntries(pasts.map(({ name }) => [name, empty])));
  const carry = Object.fromEntries(pasts.map(({ name }) => [name.replace('past_key_values', 'present'), name]));
  const texts = Array.from({ length: count }, () => [startToken]);
  for (let past = 0; past + 1 < length; past++) {
    const last = texts.map((text) => BigInt(text[past]));
    const integers = (columns, value) => ({
      type: 'int64',
      dims: [count, columns],
      data: BigInt64Array.from({ length: count * columns }, (_, i) => value(i)),
    });
    const feeds = {
      input_ids: integers(1, (i) => last[i]),
      attention_mask: integers(past + 1, () => 1n),
      position_ids: integers(1, () => BigInt(past)),
    };
    const { logits } = await loaded.advance(feeds, { outputs: ['logits'], carry });
    const classes = logits.data.length / count;
    for (const [row, text] of texts.entries())
      text.push(draw(logits.data.subarray(row * classes, (row + 1) * classes), random.next()));
  }
  await loaded.release();
  return texts;
}

function draw(logits, uniform) {
  const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = Array.from(logits, (logit) => Math.exp(logit - most));
  let left = uniform * weights.reduce((a, b) => a + b, 0);
  return Math.max(
    0,
    weights.findIndex((weight) => (left -= weight) < 0),
  );
}
